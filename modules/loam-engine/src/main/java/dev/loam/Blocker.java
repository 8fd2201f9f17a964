package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.DeviceId;
import dev.loam.core.HeldBack;
import java.time.Instant;
import java.util.Optional;

/**
 * An actor without whose acknowledgement some of a vault's history cannot be settled.
 *
 * @param lastBatch when it last acknowledged anything, by its own clock; empty if it never did
 * @param alone what could be settled if nobody but this actor were missing
 */
public record Blocker(
        ActorId actor,
        DeviceId device,
        HeldBack.Reason reason,
        Optional<Instant> lastBatch,
        Unsettled alone) {}
