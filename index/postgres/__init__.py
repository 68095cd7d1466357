"""Search on PostgreSQL: for archives whose records are there, and which one machine's memory no longer holds.

The same contract as the embedded engine (``index.contract``); ``index.rank`` scores for both. What differs is how the
candidates come:

words     ``tsvector`` fed with the tokens of ``index.analysis`` (never PostgreSQL's own stemmer) under GIN: stems,
          marked «~», and exact words with their places, for phrases and beginnings
letters   a vocabulary of the archive's words under GIN of the n-grams of ``index.ngrams``; what looks like a word
          that was asked for is then looked up as a word
meaning   pgvector: HNSW over half-precision vectors of whole boards, scanned on while a filter leaves too few
filters   in the same sentences: words and phrases by ``tsvector``, fields as numbers of their values under GIN

Each list gives at most ``candidates.CLOSE`` boards, some 300 in all. Of those alone the details are read (words with
their weights, windows of two lines, the text) and scored as the embedded engine scores: BM25F and n-grams with the
corpus statistics that are stored here (``ts_rank`` knows no IDF), windows, soft matches of words, the session.

    fresque_index.generations     number, what it was built with, place in the feed, state
    fresque_index.chosen          which engine the archive is searched with
    fresque_index_N.documents     id, session, terms, fields, vector: what candidates are found by
    fresque_index_N.details       words, weights, windows, text: read for candidates only
    fresque_index_N.sessions      mean vector of a session's boards
    fresque_index_N.facts         field and value by number
    fresque_index_N.vocabulary, .stems, .grams, .totals      corpus statistics

The whole schema may be dropped at any time and built again from the archive. A rebuild fills a generation of its own,
batch by batch, each committed with what it holds, so that one that was killed goes on; indexes are made at its end,
then one row says which generation counts. Changes are applied in one transaction a batch, with the place in the feed.
One writer at a time, by an advisory lock that ends with its connection; readers see one moment and never wait.

Counts (totals, facets) are exact up to ``candidates.COUNTED`` matches; beyond, they say that there are so many.
"""
