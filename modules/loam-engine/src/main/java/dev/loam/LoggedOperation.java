package dev.loam;

import dev.loam.core.BatchId;
import dev.loam.core.DeviceId;
import dev.loam.core.Operation;
import java.time.Instant;
import java.util.Optional;

/**
 * An operation as the log holds it.
 *
 * @param vault by the name it has in this store; empty if it has none
 * @param batch of which it is a part
 * @param counter its number among its author's operations, from 1
 * @param device of its author, as far as the vault knows it
 * @param time by the hybrid clock, to the millisecond
 * @param key of the memory that it changes; empty if it concerns the vault alone
 */
public record LoggedOperation(
        String vault,
        BatchId batch,
        long counter,
        Optional<DeviceId> device,
        Instant time,
        String key,
        Operation operation) {}
