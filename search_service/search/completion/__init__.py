"""Completion of what is typed into a search box: words, phrases, titles and values of the documents.

==============  =====================================================================================
`typed`         what was typed, as the beginnings that words must have
`correction`    corrects an error in an input that nothing begins with
`candidates`    the words and phrases of texts that begin with it
`completer`     reads some of the documents that have it, counts what it offers (ADR 22)
`suggestion`    what is offered
==============  =====================================================================================
"""
