package dev.loam;

import java.time.InstantSource;
import java.util.Optional;

/**
 * How a store is opened. Immutable; each method gives a changed copy.
 *
 * @param embedder gives vectors to what has none; the caller closes it, after the store
 * @param clock the wall clock
 * @param openJdkPackages whether Loam may open the JDK packages that Chronicle Queue needs by
 *     itself where the JVM's flags do not
 */
public record LoamOptions(
        Optional<Embedder> embedder, InstantSource clock, boolean openJdkPackages) {

    /** A store whose files are not encrypted. */
    public static LoamOptions unencrypted() {
        return new LoamOptions(Optional.empty(), InstantSource.system(), false);
    }

    public LoamOptions embedder(Embedder chosen) {
        return new LoamOptions(Optional.of(chosen), clock, openJdkPackages);
    }

    public LoamOptions clock(InstantSource chosen) {
        return new LoamOptions(embedder, chosen, openJdkPackages);
    }

    public LoamOptions openJdkPackages(boolean allowed) {
        return new LoamOptions(embedder, clock, allowed);
    }
}
