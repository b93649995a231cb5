"""How attribution is learnt and measured: the marked corpus, training, evaluation. Needs torch only where it trains."""
