package dev.loam.core;

/**
 * What an actor alone keeps from being settled, hence from being pruned.
 *
 * @param lastBatch when it last acknowledged anything; {@link Stamp#ZERO} if it never wrote
 * @param stableCut as it is
 * @param without as it would be but for this actor
 */
public record HeldBack(
        ActorId actor,
        Reason reason,
        Stamp lastBatch,
        VersionVector stableCut,
        VersionVector without) {

    /** Why an actor holds back the others. */
    public enum Reason {
        /** It is a member, and has not acknowledged what the others have. */
        NOT_ACKNOWLEDGED,
        /** It is excluded, and not everybody has acknowledged that yet. */
        EXCLUSION_NOT_ACKNOWLEDGED
    }

    /** The number of batches that would be settled but for this actor. */
    public long batches() {
        return without.tips().entrySet().stream()
                .mapToLong(
                        entry ->
                                entry.getValue().sequence()
                                        - Math.min(
                                                entry.getValue().sequence(),
                                                stableCut.get(entry.getKey()).sequence()))
                .sum();
    }
}
