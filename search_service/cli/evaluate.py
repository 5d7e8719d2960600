"""The command `evaluate`: relevance measures of an index."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from index_config.schema import UNDERSTANDING_STEPS
from search_service.cli import options
from search_service.cli.help import Command
from search_service.cli.output import evaluation_json
from search_service.cli.output.evaluation import print_comparison, print_evaluation, print_ranks
from search_service.cli.output.messages import describe
from search_service.cli.output.tables import print_json
from search_service.cli.request_options import request_options
from search_service.core.errors import UnreadableSource
from search_service.core.index_name import IndexName
from search_service.evaluation.comparison import compare
from search_service.evaluation.coverage import Coverage, check_coverage
from search_service.evaluation.judgments import Judgments, read_judgments
from search_service.evaluation.libraries import import_library
from search_service.evaluation.metrics import Evaluation, evaluate
from search_service.evaluation.run import DEPTH, load_run, run_queries, save_run
from search_service.evaluation.typos import add_typos
from search_service.ranking.match_rules import CHOSEN_RULES, ChosenRule
from search_service.ranking.tiers import WEIGHTS
from search_service.search.request import MAX_SIZE

EXAMPLE = """\
arabic-search evaluate news judgments
arabic-search evaluate news judgments --weight exact=0.4
arabic-search evaluate news judgments --typos 7 --no-correction
arabic-search evaluate news judgments --baseline yesterday.run --save today.run"""

LIBRARIES = ("ir_measures", "scipy.stats")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _weights(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> dict[str, float]:
    """Parse the values of `--weight`."""
    weights = {}
    for text in values:
        name, _, number = text.partition("=")
        if name not in WEIGHTS:
            raise click.BadParameter(f"{text!r} is not written as NAME=NUMBER with a NAME of {', '.join(WEIGHTS)}")
        weights[name] = _weight(text, number)
    return weights


def _weight(text: str, number: str) -> float:
    try:
        weight = float(number)
    except ValueError:
        weight = math.nan
    if not (math.isfinite(weight) and weight >= 0):
        raise click.BadParameter(f"{text!r}: the weight is not a number of at least 0")
    return weight


@click.command("evaluate", cls=Command, epilog=EXAMPLE)
@options.index_argument
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--queries", type=FILE, help="File of queries.  [default: queries.jsonl in FOLDER]")
@click.option("--qrels", type=FILE, help="File of judgments.  [default: qrels.tsv, qrels/test.tsv … in FOLDER]")
@request_options(("fields",))
@click.option(
    "--depth",
    type=click.IntRange(1, MAX_SIZE),
    default=DEPTH,
    show_default=True,
    help="Hits per query; all measures are computed from these.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Run the first judged queries only.")
@click.option(
    "--weight",
    "weights",
    metavar="NAME=NUMBER",
    multiple=True,
    callback=_weights,
    help=f"Change the weight of {', '.join(WEIGHTS)}, and compare with the default weights. Can be repeated.",
)
@click.option(
    "--no-correction",
    "correct",
    flag_value=False,
    default=True,
    help="Correct no spelling, and compare with the default.",
)
@click.option(
    "--match-rule",
    type=click.Choice(CHOSEN_RULES),
    help="Match by this rule alone, and compare with the default, which relaxes the rule.",
)
@click.option(
    "--typos",
    "--typo-seed",
    "typo_seed",
    type=int,
    metavar="SEED",
    help="Misspell a word of each query, chosen by this seed. Alone it is compared with the original queries; with an "
    "option that changes the search, both runs are of the misspelt queries.",
)
@click.option("--baseline", type=FILE, metavar="RUNFILE", help="Compare with this run.")
@click.option(
    "--save", type=click.Path(dir_okay=False, path_type=Path), metavar="RUNFILE", help="Write the run to a file."
)
@click.option("--ranks", "show_ranks", is_flag=True, help="Show the ranks of the relevant documents of each query.")
@options.json_option
def evaluate_command(
    index: IndexName,
    folder: Path,
    queries: Path | None,
    qrels: Path | None,
    limit: int | None,
    weights: dict[str, float],
    correct: bool,
    match_rule: ChosenRule | None,
    typo_seed: int | None,
    baseline: Path | None,
    save: Path | None,
    show_ranks: bool,
    as_json: bool,
    **search_options: Any,
) -> None:
    """Run the queries in FOLDER on INDEX and compute relevance measures.

    FOLDER contains queries.jsonl and qrels.tsv, qrels/test.tsv (BEIR) or qrels.txt (TREC). Queries without a relevant
    document are skipped; queries without a hit count 0. It fails if no relevant document is in INDEX.
    """
    for name in LIBRARIES:  # first: a missing library is reported before the queries run, which takes minutes
        import_library(name)
    experiment = _Experiment(index, read_judgments(folder, queries, qrels).first(limit), **search_options)
    coverage = experiment.check_coverage()
    if warning := coverage.warning(index):
        click.echo(f"Warning: {describe(warning)}", err=True)
    about = {"index": index, "relevant_documents": asdict(coverage)}
    setup = Setup(weights, correct, match_rule, typo_seed)
    compared = setup.compared_with()
    before = experiment.load(baseline) if baseline else experiment.run(compared) if compared else None
    after = experiment.run(setup)
    if before:
        names = str(baseline or (compared and compared.name)), setup.name
        _print_comparison(about, before, after, names, as_json, show_ranks)
    elif as_json:
        print_json({**about, **evaluation_json.evaluation(after, show_ranks)})
    else:
        print_evaluation(after)
    if show_ranks and not as_json:
        print_ranks(after)
    if save:
        save_run(after.run, save)


def _print_comparison(
    about: Mapping[str, Any],
    before: Evaluation,
    after: Evaluation,
    names: tuple[str, str],
    as_json: bool,
    show_ranks: bool,
) -> None:
    comparison = compare(before, after)
    if as_json:
        runs = {
            "before": {"name": names[0], **evaluation_json.evaluation(before, show_ranks)},
            "after": {"name": names[1], **evaluation_json.evaluation(after, show_ranks)},
        }
        print_json({**about, **runs, "comparison": evaluation_json.comparison(comparison)})
    else:
        print_comparison(before, after, comparison, names)


@dataclass(frozen=True, slots=True)
class Setup:
    """How the queries of a run are searched, and whether they are misspelt.

    Attributes:
        weights: weights of tiers that differ from the default.
        correct: whether spelling is corrected.
        match_rule: the only match rule; None for the default.
        typo_seed: the seed of typing errors; None for none.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    correct: bool = True
    match_rule: ChosenRule | None = None
    typo_seed: int | None = None

    @property
    def name(self) -> str:
        """What differs from the default."""
        search = [f"{tier}={weight:g}" for tier, weight in self.weights.items()]
        search += ["no correction"] * (not self.correct)
        search += [f"match rule {self.match_rule}"] if self.match_rule else []
        name = ", ".join(search) or "default weights"
        return name if self.typo_seed is None else f"{name}, typing errors (seed {self.typo_seed})"

    def compared_with(self) -> Setup | None:
        """Return the setup to compare with: that of the same queries by default if the search differs."""
        default = Setup(typo_seed=self.typo_seed)
        if self != default:
            return default
        return Setup() if self.typo_seed is not None else None


class _Experiment:
    """Runs the same queries in different setups."""

    def __init__(self, index: IndexName, judgments: Judgments, depth: int, fields: Sequence[str]) -> None:
        self._index = index
        self._judgments = judgments
        self._depth = depth
        self._fields = fields or None

    def run(self, setup: Setup) -> Evaluation:
        """Return the evaluation of the queries in a setup."""
        judgments = self._judgments if setup.typo_seed is None else add_typos(self._judgments, setup.typo_seed)
        service = options.service(setup.weights, setup.match_rule)
        steps = True if setup.correct else [step for step in UNDERSTANDING_STEPS if step != "spelling"]
        queries = tqdm(judgments.queries, setup.name, disable=None, leave=False, unit=" queries")
        return evaluate(judgments, run_queries(service, self._index, queries, self._depth, self._fields, steps))

    def check_coverage(self) -> Coverage:
        """Check that relevant documents are in the index."""
        return check_coverage(options.service(), self._index, self._judgments)

    def load(self, path: Path) -> Evaluation:
        """Return the evaluation of a saved run.

        Raises:
            UnreadableSource: the run is not one of these queries.
        """
        run = load_run(path)
        if not any(query.id in run.rankings for query in self._judgments.queries):
            raise UnreadableSource("run-of-other-queries", path=str(path))
        return evaluate(self._judgments, run)
