package dev.loam.core;

/**
 * What a batch's author had applied of another actor.
 *
 * @param tip that actor's last batch applied
 * @param hashPrefix the first 8 bytes of that batch's chain hash: binds to one history, not just to
 *     numbers
 */
public record Dependency(ActorId actor, Tip tip, Bytes hashPrefix) {
    public Dependency {
        Invariant.check(
                tip.sequence() > 0 && tip.counter() >= tip.sequence(),
                "tip {0} is impossible",
                tip);
        Invariant.check(
                hashPrefix.size() == Chain.PREFIX_SIZE, "prefix has {0} bytes", hashPrefix.size());
    }
}
