package dev.loam.core;

/** The identity of one operation: its author and the author's running number, from 1. */
public record Dot(ActorId actor, long counter) implements Comparable<Dot> {
    @Override
    public int compareTo(Dot other) {
        int byActor = actor.compareTo(other.actor);
        return byActor != 0 ? byActor : Long.compare(counter, other.counter);
    }
}
