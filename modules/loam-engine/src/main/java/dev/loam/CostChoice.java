package dev.loam;

import dev.loam.crypto.PassphraseCost;

/** What a try of a passphrase is to cost on this machine: about half a second. */
final class CostChoice {
    static final long TARGET_MILLIS = 500;
    private static final int PASSES_MAX = 16;

    private CostChoice() {}

    /** At least {@link PassphraseCost#STANDARD}, with more passes where that is too fast. */
    static PassphraseCost measured(Environment environment) {
        PassphraseCost standard = PassphraseCost.STANDARD;
        long before = environment.elapsedMillis();
        standard.rehearse();
        return forMillis(environment.elapsedMillis() - before);
    }

    /**
     * @param standardMillis what {@link PassphraseCost#STANDARD} took; 0 on a clock that stands
     *     still, which says nothing
     */
    static PassphraseCost forMillis(long standardMillis) {
        PassphraseCost standard = PassphraseCost.STANDARD;
        if (standardMillis <= 0) {
            return standard;
        }
        long passes = standard.passes() * TARGET_MILLIS / standardMillis;
        return new PassphraseCost(
                standard.memoryKib(),
                Math.toIntExact(Math.clamp(passes, standard.passes(), PASSES_MAX)),
                standard.lanes());
    }
}
