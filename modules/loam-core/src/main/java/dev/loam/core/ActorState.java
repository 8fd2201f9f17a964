package dev.loam.core;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of an enrolled actor.
 *
 * @param publicKey of its device, Ed25519, 32 bytes
 * @param tip of its last batch applied; {@link Tip#NONE} before the first
 * @param hash of its chain up to the tip
 * @param stamp of its last batch
 * @param context what it had applied with its last batch, that batch included
 * @param enrolled what its enrolment's author had applied with that batch; of several enrolments
 *     what all had; empty once that is settled and the actor has written
 * @param exclusions per actor that excludes it the first batch that does
 */
public record ActorState(
        Bytes publicKey,
        DeviceId device,
        Tip tip,
        ChainHash hash,
        Stamp stamp,
        VersionVector context,
        VersionVector enrolled,
        SortedMap<ActorId, Tip> exclusions) {

    public ActorState {
        exclusions = Collections.unmodifiableSortedMap(new TreeMap<>(exclusions));
    }

    /** An actor that was let in and has not written yet. */
    static ActorState enrolled(Bytes publicKey, VersionVector enrolled) {
        return new ActorState(
                publicKey,
                DeviceId.of(publicKey),
                Tip.NONE,
                Chain.START,
                Stamp.ZERO,
                VersionVector.EMPTY,
                enrolled,
                new TreeMap<>());
    }

    /** Whether somebody's batch excludes it. That is final. */
    public boolean isExcluded() {
        return !exclusions.isEmpty();
    }

    /** What it has acknowledged: all its batches to come are written on top of that. */
    public VersionVector ack() {
        return hasWritten() ? context : enrolled;
    }

    /**
     * Whether its enrolment's author had applied batches that somebody does not take.
     *
     * @param authors of such batches, each with the number before its first
     */
    public boolean isLetInBehind(Map<ActorId, Long> authors) {
        return authors.entrySet().stream()
                .anyMatch(each -> enrolled.get(each.getKey()).sequence() > each.getValue());
    }

    boolean hasWritten() {
        return !tip.equals(Tip.NONE);
    }

    /** After an enrolment that another member wrote without knowing of the first. */
    ActorState enrolledAgain(VersionVector by) {
        return with(context, enrolled.meet(by), exclusions);
    }

    ActorState excludedBy(ActorId excluder, Tip at) {
        SortedMap<ActorId, Tip> more = new TreeMap<>(exclusions);
        more.putIfAbsent(excluder, at);
        return with(context, enrolled, more);
    }

    /** With one batch more of its own. */
    ActorState advanced(Tip to, ChainHash newHash, Stamp newStamp, VersionVector newContext) {
        return new ActorState(
                publicKey, device, to, newHash, newStamp, newContext, enrolled, exclusions);
    }

    ActorState with(
            VersionVector newContext,
            VersionVector newEnrolled,
            SortedMap<ActorId, Tip> newExclusions) {
        return new ActorState(
                publicKey, device, tip, hash, stamp, newContext, newEnrolled, newExclusions);
    }
}
