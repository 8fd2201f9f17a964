package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How a store is opened. Immutable; each method gives a changed copy.
 *
 * @param embedder gives vectors to what has none; the caller closes it, after the store
 * @param clock the wall clock
 * @param durability what has happened to a write when its call returns
 * @param openJdkPackages whether Loam may open the JDK packages that Chronicle Queue needs by
 *     itself where the JVM's flags do not
 * @param suspendAfter after how long a silent device is shut out; empty for never
 * @param encryption by what the store is sealed; empty for one that is not
 * @param limits what is taken of callers
 */
public record LoamOptions(
        Optional<Embedder> embedder,
        InstantSource clock,
        Durability durability,
        boolean openJdkPackages,
        Optional<Duration> suspendAfter,
        Optional<Encryption> encryption,
        StoreLimits limits) {
    /** After how long a silent device is shut out unless an option says otherwise. */
    public static final Duration SUSPEND_AFTER = Duration.ofDays(30);

    /** A store whose files are not encrypted; {@link Durability#WAL}. */
    public static LoamOptions unencrypted() {
        return new LoamOptions(
                Optional.empty(),
                InstantSource.system(),
                Durability.WAL,
                false,
                Optional.of(SUSPEND_AFTER),
                Optional.empty(),
                StoreLimits.DEFAULT);
    }

    /**
     * A store of which every file is sealed, opened by this source; {@link Durability#WAL}. Nothing
     * falls back to a store that is not: where the source gives no key, nothing is opened or made.
     */
    public static LoamOptions encrypted(KeySource source) {
        return unencrypted().encryption(Encryption.by(source));
    }

    public LoamOptions encryption(Encryption chosen) {
        return new LoamOptions(
                embedder,
                clock,
                durability,
                openJdkPackages,
                suspendAfter,
                Optional.of(chosen),
                limits);
    }

    public LoamOptions embedder(Embedder chosen) {
        return new LoamOptions(
                Optional.of(chosen),
                clock,
                durability,
                openJdkPackages,
                suspendAfter,
                encryption,
                limits);
    }

    public LoamOptions clock(InstantSource chosen) {
        return new LoamOptions(
                embedder, chosen, durability, openJdkPackages, suspendAfter, encryption, limits);
    }

    public LoamOptions durability(Durability chosen) {
        return new LoamOptions(
                embedder, clock, chosen, openJdkPackages, suspendAfter, encryption, limits);
    }

    public LoamOptions openJdkPackages(boolean allowed) {
        return new LoamOptions(
                embedder, clock, durability, allowed, suspendAfter, encryption, limits);
    }

    /**
     * Shuts a device out of a vault, by a signed operation that all devices get, once nothing came
     * of it for that long and it alone keeps history from being pruned. It comes back by a sync
     * with any device that is in the vault. Counted are the days on which this device met another,
     * so that a clock which jumps shuts out nobody.
     *
     * @param silence at least a day; counted in whole days
     * @throws LoamException {@code INVALID_ARGUMENT} if it is less
     */
    public LoamOptions suspendAfter(Duration silence) {
        if (silence.compareTo(Duration.ofDays(1)) < 0) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a device cannot be shut out after " + silence + ", a day is the least");
        }
        return new LoamOptions(
                embedder,
                clock,
                durability,
                openJdkPackages,
                Optional.of(silence),
                encryption,
                limits);
    }

    /** Shuts nobody out: history waits for every device, and {@code status} names them. */
    public LoamOptions suspendNever() {
        return new LoamOptions(
                embedder, clock, durability, openJdkPackages, Optional.empty(), encryption, limits);
    }

    public LoamOptions limits(StoreLimits chosen) {
        return new LoamOptions(
                embedder, clock, durability, openJdkPackages, suspendAfter, encryption, chosen);
    }
}
