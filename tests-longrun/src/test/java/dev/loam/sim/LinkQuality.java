package dev.loam.sim;

import java.util.SplittableRandom;

/**
 * What a link does to frames. A lost frame is never followed by another: the link breaks, or goes
 * silent one way.
 *
 * @param changedFrame the number, from 1, of the frame that arrives with other bytes
 */
record LinkQuality(
        int delayMillisMax,
        int framesUntilBroken,
        int framesUntilSilent,
        int silentSide,
        int changedFrame) {
    private static final int FEW_FRAMES = 14;

    static final LinkQuality PERFECT =
            new LinkQuality(5, Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 0);

    static LinkQuality draw(SplittableRandom random) {
        int delay = random.nextInt(3) == 0 ? 3_000 : 20;
        int side = random.nextInt(2);
        return switch (random.nextInt(8)) {
            case 0, 1 ->
                    new LinkQuality(delay, random.nextInt(FEW_FRAMES), Integer.MAX_VALUE, side, 0);
            case 2 ->
                    new LinkQuality(delay, Integer.MAX_VALUE, random.nextInt(FEW_FRAMES), side, 0);
            case 3 ->
                    new LinkQuality(
                            delay,
                            Integer.MAX_VALUE,
                            Integer.MAX_VALUE,
                            side,
                            1 + random.nextInt(FEW_FRAMES));
            default -> new LinkQuality(delay, Integer.MAX_VALUE, Integer.MAX_VALUE, side, 0);
        };
    }
}
