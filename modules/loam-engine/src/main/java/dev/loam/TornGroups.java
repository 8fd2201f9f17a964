package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import dev.loam.core.VaultId;
import dev.loam.log.LogTail;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Batches of others come into the log up to a seal of their author, without which they can never be
 * passed on. Where a power cut kept the first of a group and lost its seal, all from there on goes:
 * nobody was told of the group, and its sender has it.
 */
final class TornGroups implements LogTail {
    private record Chain(VaultId vault, ActorId actor) {}

    private final OwnActors own;

    /** Where the batches of an author begin that no seal has covered yet. */
    private final Map<Chain, Position> unsealed = new HashMap<>();

    TornGroups(OwnActors own) {
        this.own = own;
    }

    @Override
    public void entry(Position at, Bytes payload) {
        // What cannot be decoded is reported when it is replayed, and stays until then.
        decoded(payload).ifPresent(entry -> judge(at, entry));
    }

    private static Optional<LogEntry> decoded(Bytes payload) {
        try {
            return Optional.of(LogEntry.decode(payload));
        } catch (LoamException unreadable) {
            return Optional.empty();
        }
    }

    private void judge(Position at, LogEntry entry) {
        Chain chain = new Chain(entry.id().vault(), entry.id().actor());
        if (entry.seal().isPresent()) {
            unsealed.remove(chain);
        } else if (!own.mayHaveWritten(chain.vault(), chain.actor())) {
            unsealed.putIfAbsent(chain, at);
        }
    }

    @Override
    public Position wholeThrough(Position last) {
        return unsealed.values().stream()
                .min(Position::compareTo)
                .map(first -> new Position(first.number() - 1))
                .orElse(last);
    }
}
