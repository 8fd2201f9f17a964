package dev.loam.sync;

import dev.loam.core.VaultId;
import java.util.Optional;

/** Which frames the peer may send at this point of a session. */
record TurnOrder(Phase phase, Ledger ledger) {
    private static final Optional<EndReason> OUT_OF_TURN = Optional.of(EndReason.PROTOCOL);

    /** Why the frame cannot be taken, if so; empty stands for bytes that are no frame. */
    Optional<EndReason> refusal(Optional<Frame> decoded) {
        return decoded.isEmpty() ? OUT_OF_TURN : refusal(decoded.get());
    }

    private Optional<EndReason> refusal(Frame frame) {
        boolean moving = phase == Phase.MOVING || phase == Phase.CLOSING;
        return switch (frame) {
            case Frame.Hello hello ->
                    phase == Phase.GREETING
                            ? Comparison.obstacle(ledger.local(), hello)
                            : OUT_OF_TURN;
            case Frame.ForeignHello foreign ->
                    phase == Phase.GREETING ? Optional.of(EndReason.VERSION) : OUT_OF_TURN;
            case Frame.Plan plan -> unless(isInTurn(plan));
            case Frame.Batches batches -> moving ? ledger.receiver().refusal(batches) : OUT_OF_TURN;
            case Frame.Durable durable -> unless(moving && ledger.sender().accepts(durable));
            case Frame.Parked parked -> unless(moving && ledger.sender().accepts(parked));
            case Frame.Credit credit ->
                    unless(
                            moving
                                    && (ledger.sender().accepts(credit)
                                            || ledger.snapshots().accepts(credit)));
            case Frame.OfSnapshot snapshot ->
                    moving
                            ? ledger.snapshots().refusal(snapshot, ledger.terms().bytesMax())
                            : OUT_OF_TURN;
            case Frame.Ping ping -> unless(moving && isLive());
            case Frame.Pause pause ->
                    unless(
                            moving
                                    && (!ledger.receiver().expected().isEmpty()
                                            || !ledger.snapshots().isDone()));
            case Frame.Digests digests ->
                    unless(
                            isSearching(digests.vault())
                                    && ledger.divergence().orElseThrow().theirs().isEmpty());
            case Frame.Records records ->
                    unless(
                            isSearching(records.vault())
                                    && ledger.divergence().orElseThrow().theirs().isPresent()
                                    && ledger.divergence().orElseThrow().theirRecords().isEmpty());
            case Frame.End(var reason) ->
                    unless(reason != EndReason.DONE || phase == Phase.CLOSING);
        };
    }

    private boolean isInTurn(Frame.Plan plan) {
        return phase == Phase.PLANNING
                ? ledger.receiver().acceptsFirst(plan)
                : phase == Phase.MOVING && isLive() && ledger.receiver().acceptsNews(plan);
    }

    private static Optional<EndReason> unless(boolean isInTurn) {
        return isInTurn ? Optional.empty() : OUT_OF_TURN;
    }

    private boolean isLive() {
        return ledger.terms().isLiveWith(ledger.there());
    }

    private boolean isSearching(VaultId vault) {
        return phase == Phase.DIVERGING
                && ledger.divergence().map(found -> found.vault().equals(vault)).orElse(false);
    }
}
