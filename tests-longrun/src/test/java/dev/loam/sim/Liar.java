package dev.loam.sim;

import dev.loam.core.Bytes;
import dev.loam.sync.Forger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A peer that has a paired device's key for its link, and speaks as that device would, but for some
 * frames: those it loses, sends twice, out of turn, cut off, changed, forged, or replaces by some
 * that it has heard elsewhere.
 */
final class Liar {
    private static final int LIES_ONE_IN = 4;

    private final World world;
    private final SplittableRandom random;
    private final Forger forger;

    /** Comes behind the next one. */
    private Optional<Bytes> heldBack = Optional.empty();

    Liar(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
        this.forger = new Forger(random);
    }

    /** What it sends in the place of a frame. */
    List<Bytes> instead(Bytes honest) {
        List<Bytes> sent = new ArrayList<>();
        if (random.nextInt(LIES_ONE_IN) != 0) {
            sent.add(honest);
        } else {
            lie(honest, sent);
        }
        if (heldBack.isPresent() && !sent.isEmpty()) {
            sent.add(heldBack.get());
            heldBack = Optional.empty();
        }
        return sent;
    }

    private void lie(Bytes honest, List<Bytes> sent) {
        switch (random.nextInt(10)) {
            case 0 -> world.counts().fault("frame lost");
            case 1 -> {
                world.counts().fault("frame twice");
                sent.add(honest);
                sent.add(honest);
            }
            case 2 -> {
                world.counts().fault("frame out of turn");
                heldBack = Optional.of(honest);
            }
            case 3 -> {
                world.counts().fault("frame changed");
                sent.add(Mutation.of(honest, random));
            }
            case 4 -> {
                world.counts().fault("frame replayed");
                sent.add(world.overheard(random));
                sent.add(honest);
            }
            default -> {
                Bytes forged = forger.forged(honest);
                world.counts().fault(forged.equals(honest) ? "frame spared" : "frame forged");
                sent.add(forged);
            }
        }
    }
}
