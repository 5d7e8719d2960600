// The style of the search. A page changes it by the variables `--arabic-search-…` and by `::part(…)`.
//
// A sheet that is made by a script needs no `style-src` of the page's Content-Security-Policy. Colours come in pairs for
// the `color-scheme` of the page, with a contrast of at least 4.5:1. Arabic letters join: nothing sets letter-spacing.

export const sheet = new CSSStyleSheet();

sheet.replaceSync(`
:host { display: block; text-align: start; }
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }

.root {
  --ground: var(--arabic-search-background, light-dark(#fff, #1c2324));
  --ink: var(--arabic-search-color, light-dark(#1b2325, #e7e5df));
  --muted: var(--arabic-search-muted, light-dark(#566164, #a5b0b0));
  --line: var(--arabic-search-line, light-dark(#dcd9cf, #354042));
  --accent: var(--arabic-search-accent, light-dark(#0b5f59, #73cabf));
  --accent-ink: var(--arabic-search-accent-color, light-dark(#fff, #0c2220));
  --tint: var(--arabic-search-tint, light-dark(#e3efed, #213836));
  --mark: var(--arabic-search-mark, light-dark(#ffe69a, #66510f));
  --radius: var(--arabic-search-radius, .6rem);
  position: relative; padding: var(--arabic-search-padding, .75rem); border-radius: var(--radius);
  background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
  font-family: var(--arabic-search-font, "SF Arabic", "Segoe UI", "Noto Sans Arabic", "Noto Sans Arabic UI", "Geeza Pro", Tahoma, "DejaVu Sans", sans-serif);
  font-size: var(--arabic-search-size, 1rem); font-style: normal; font-weight: 400; line-height: 1.75;
  letter-spacing: normal; word-spacing: normal; text-transform: none; text-indent: 0; text-shadow: none; white-space: normal;
}

p, ol, ul { margin: 0; padding: 0; list-style: none; }
a { color: var(--accent); text-decoration: none; text-underline-offset: .3em; }
a:hover { text-decoration: underline; }
mark { background: var(--mark); color: var(--ink); border-radius: .2em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .2em; }

.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

form { position: relative; }
.box { display: flex; border: 1px solid var(--muted); border-radius: var(--radius); }
.box:focus-within { border-color: var(--accent); box-shadow: 0 0 0 2px var(--accent); }
.box input { flex: 1; min-width: 0; border: 0; background: none; color: inherit; font: inherit; font-size: 1.1em; padding: .4rem .9rem;
  text-align: start; }
.box input:focus { outline: 2px solid transparent; }
[dir="rtl"] .box input:dir(ltr), [dir="ltr"] .box input:dir(rtl) { text-align: end; }
.box input:placeholder-shown { text-align: start; }
[dir="rtl"] .box input:placeholder-shown { direction: rtl; }
[dir="ltr"] .box input:placeholder-shown { direction: ltr; }
.box input::placeholder { color: var(--muted); opacity: 1; }

button { font: inherit; font-weight: 600; border: 0; cursor: pointer; padding: .4rem 1.4rem; border-radius: var(--radius);
  background: var(--accent); color: var(--accent-ink); }
button:disabled { background: var(--line); color: var(--ink); cursor: default; }
.link { padding: 0; font-weight: 400; text-align: start; background: none; color: var(--accent); min-block-size: 1.5rem; }
.link:hover { text-decoration: underline; }
.box > button { border-radius: calc(var(--radius) - 1px); border-start-start-radius: 0; border-end-start-radius: 0; }
.box input::-webkit-search-cancel-button { margin-inline-start: .5rem; }
.more { margin-block-start: 1rem; }
.more, .whole { background: var(--tint); color: var(--accent); }

.suggestions { position: absolute; z-index: 1000; inset-inline: 0; inset-block-start: calc(100% + .35rem); overflow: hidden;
  background: var(--ground); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: 0 .6rem 1.8rem rgb(0 0 0 / .18); }
.suggestions [role="listbox"] { max-height: 60vh; overflow-y: auto; padding-block: .35rem; }
.suggestions .heading { padding: .35rem .9rem 0; color: var(--muted); font-size: .85em; }
.suggestions [role="option"] { display: flex; gap: 1rem; justify-content: space-between; align-items: baseline; padding: .35rem .9rem;
  cursor: pointer; }
.suggestions [aria-selected="true"], .suggestions [role="option"]:hover { background: var(--tint); }
.suggestions b { color: var(--accent); }
.suggestions small { color: var(--muted); white-space: nowrap; }

.filters { display: flex; flex-wrap: wrap; gap: .5rem; margin-block-start: .6rem; }
.filters button { padding: .1rem .9rem; font-weight: 400; background: var(--tint); color: var(--accent); }
.failure > * { margin-block-start: .6rem; }

.container { container-type: inline-size; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 2rem; }
.facets { order: -1; margin-block-start: .6rem; align-self: start; }
summary { cursor: pointer; color: var(--accent); inline-size: fit-content; min-block-size: 1.75rem; }
fieldset { border: 0; margin: 0; padding: .4rem 0; min-inline-size: 0; }
legend { padding: 0; font-weight: 600; }
label { display: flex; gap: .5rem; align-items: baseline; min-block-size: 1.75rem; cursor: pointer; }
label input { accent-color: var(--accent); margin: 0; }
label small { margin-inline-start: auto; color: var(--muted); white-space: nowrap; }
@container (min-width: 640px) { .columns.faceted { grid-template-columns: 13rem minmax(0, 1fr); } }

section:not(.empty) { margin-block-start: .6rem; }
.status, .notes, .meta { color: var(--muted); }
.meta { font-size: .9em; }
li[part="result"] { padding-block: .8rem; border-block-start: 1px solid var(--line); }
.title { display: inline-block; font-size: 1.1em; font-weight: 600; line-height: 1.6; }
.snippet { white-space: normal; }
.others { margin-block-start: .45rem; font-size: .95em; }
.others ul { padding-inline-start: 1rem; border-inline-start: 2px solid var(--line); margin-block-end: .45rem; }
.others li { padding-block: .3rem; }
.others .title { font-size: 1em; font-weight: 400; }
.title, .snippet { text-align: start; unicode-bidi: isolate; }

@media (prefers-reduced-motion: no-preference) {
  section { transition: opacity .15s .3s; }
}
section[aria-busy="true"] ol { opacity: .6; }

@media (forced-colors: active) {
  .box, .more, button { border: 1px solid; }
  .suggestions [aria-selected="true"], .suggestions [aria-selected="true"] * { forced-color-adjust: none; background: Highlight; color: HighlightText; }
}
`);
