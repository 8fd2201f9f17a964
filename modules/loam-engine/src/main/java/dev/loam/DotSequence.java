package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Dot;

/** Hands out the dots of a batch, in the order of its operations. */
final class DotSequence {
    private final ActorId actor;
    private long next;

    DotSequence(ActorId actor, long first) {
        this.actor = actor;
        this.next = first;
    }

    Dot next() {
        return new Dot(actor, next++);
    }
}
