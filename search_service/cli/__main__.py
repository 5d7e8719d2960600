"""`python -m search_service.cli`: the same as `arabic-search`."""

from search_service.cli.main import main

if __name__ == "__main__":
    main(prog_name="arabic-search")
