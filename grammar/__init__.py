"""The language of directions, in pages of Lark grammar; installed as `secdefs.grammar` and read as data, not run."""
