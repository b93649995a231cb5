"""The tagger's network for training: an encoder's first layers, an embedding of place within marks, two label heads."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import torch
from torch import nn

from engine.learning.labels import CHANNEL_LABELS, MAIN_LABELS

DROPOUT = 0.1
OUTPUTS = len(MAIN_LABELS) + len(CHANNEL_LABELS)


class TaggerNetwork(nn.Module):
    """Scores of shape (windows, pieces, labels): the main labels first, then the channel's."""

    def __init__(self, base: Path, *, layers: int) -> None:
        from transformers import AutoModel

        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, attn_implementation="eager")
        self.encoder.pooler = None
        self.encoder.encoder.layer = self.encoder.encoder.layer[:layers]
        self.encoder.config.num_hidden_layers = layers
        width = self.encoder.config.hidden_size
        self.places = nn.Embedding(4, width)
        nn.init.zeros_(self.places.weight)
        self.drop = nn.Dropout(DROPOUT)
        self.out = nn.Linear(width, OUTPUTS)

    def forward(self, ids: torch.Tensor, attended: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        embedded = self.encoder.get_input_embeddings()(ids) + self.places(places)
        hidden = self.encoder(inputs_embeds=embedded, attention_mask=attended).last_hidden_state
        scores: torch.Tensor = self.out(self.drop(hidden))
        return scores

    def freeze(self, *, layers: int) -> None:
        """Embeddings and the first layers stay as they are."""
        self.encoder.embeddings.requires_grad_(False)
        for layer in self.encoder.encoder.layer[:layers]:
            layer.requires_grad_(False)


class PooledDropout(nn.Module):
    """Dropout whose masks are cut from one pool of random bits: drawing them anew is slow on a CPU."""

    _POOL = 1 << 23

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share
        self._pool: torch.Tensor | None = None

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        if not self.training or hidden.numel() >= self._POOL:
            return nn.functional.dropout(hidden, self.share, self.training)
        if self._pool is None:
            self._pool = (torch.rand(self._POOL) >= self.share).to(hidden.dtype) / (1 - self.share)
        start = random.randrange(self._POOL - hidden.numel())
        return hidden * self._pool[start : start + hidden.numel()].view_as(hidden)


def with_pooled_dropout(network: TaggerNetwork) -> TaggerNetwork:
    """All dropout layers share one pool; dropout on attention weights is left out (slow, and no gain was seen)."""
    shared = PooledDropout(DROPOUT)
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Dropout):
                setattr(module, name, shared)
    for layer in network.encoder.encoder.layer:
        _without_attention_dropout(layer.attention)
    return network


def _without_attention_dropout(attention: Any) -> None:
    inner = attention.self if hasattr(attention, "self") else attention.attn
    inner.dropout = nn.Dropout(0.0)
