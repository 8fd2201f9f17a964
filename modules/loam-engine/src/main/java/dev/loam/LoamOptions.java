package dev.loam;

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
 */
public record LoamOptions(
        Optional<Embedder> embedder,
        InstantSource clock,
        Durability durability,
        boolean openJdkPackages) {

    /** A store whose files are not encrypted; {@link Durability#WAL}. */
    public static LoamOptions unencrypted() {
        return new LoamOptions(Optional.empty(), InstantSource.system(), Durability.WAL, false);
    }

    public LoamOptions embedder(Embedder chosen) {
        return new LoamOptions(Optional.of(chosen), clock, durability, openJdkPackages);
    }

    public LoamOptions clock(InstantSource chosen) {
        return new LoamOptions(embedder, chosen, durability, openJdkPackages);
    }

    public LoamOptions durability(Durability chosen) {
        return new LoamOptions(embedder, clock, chosen, openJdkPackages);
    }

    public LoamOptions openJdkPackages(boolean allowed) {
        return new LoamOptions(embedder, clock, durability, allowed);
    }
}
