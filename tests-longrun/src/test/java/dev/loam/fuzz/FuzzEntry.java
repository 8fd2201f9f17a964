package dev.loam.fuzz;

/** What Jazzer calls. Which target is meant says a property. */
public final class FuzzEntry {
    static final String TARGET = "loam.fuzz.target";

    private static final FuzzTarget NAMED = named(System.getProperty(TARGET, ""));

    private FuzzEntry() {}

    private static FuzzTarget named(String name) {
        try {
            return FuzzTargets.named(name);
        } catch (Exception failed) {
            throw new AssertionError(name + " cannot be made", failed);
        }
    }

    /** Has most classes loaded and changed, which takes long and is no answer of the parser's. */
    public static void fuzzerInitialize() throws Exception {
        for (byte[] seed : NAMED.seeds()) {
            FuzzJudge.judge(NAMED, seed);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        FuzzJudge.judge(NAMED, input);
    }
}
