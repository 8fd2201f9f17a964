package dev.loam.sim;

import dev.loam.SimulatedStore;
import dev.loam.SyncReport;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.sync.SyncInput;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One session between two devices over a link that may break, fall silent or change a frame. */
final class Encounter {
    private static final long TICK_MILLIS = 10_000;

    /** A session that is silent for 30 seconds ends; more than this and it hangs. */
    private static final long LIFETIME_MILLIS_MAX = 20 * 60_000;

    private final World world;
    private final LinkQuality quality;
    private final SplittableRandom random;
    private final End[] ends;
    private Optional<Liar> liar = Optional.empty();
    private int frames;

    Encounter(World world, Device caller, Device called, LinkQuality quality, long seed) {
        this.world = world;
        this.quality = quality;
        this.random = new SplittableRandom(seed);
        this.ends = new End[] {new End(0, caller, called), new End(1, called, caller)};
    }

    /** From now on the called one speaks as a liar does. */
    Encounter withLiar() {
        liar = Optional.of(new Liar(world, random.split()));
        return this;
    }

    /** Begins on both devices, which are up. */
    void begin() {
        for (End end : ends) {
            world.after(random.nextInt(20), () -> end.run(end::begin));
            world.after(LIFETIME_MILLIS_MAX, end::mustBeOver);
        }
    }

    /**
     * How it ended at one end, 0 for the caller's; empty while it goes on, or if a process ended
     * first.
     */
    Optional<String> outcome(int end) {
        return Optional.ofNullable(ends[end].outcome);
    }

    private long delay() {
        return 1L + random.nextInt(quality.delayMillisMax());
    }

    private final class End {
        private final int side;
        private final Device device;
        private final Device peer;
        private final int life;
        private SimulatedStore.@Nullable Session session;
        private @Nullable String outcome;
        private long lastArrivalMillis;
        private boolean hasBegun;
        private SortedMap<String, Long> frontierAtStart = new TreeMap<>();

        /** What came before this side had begun. */
        private final Deque<SyncInput> early = new ArrayDeque<>();

        End(int side, Device device, Device peer) {
            this.side = side;
            this.device = device;
            this.peer = peer;
            this.life = device.life();
        }

        private End other() {
            return ends[1 - side];
        }

        private boolean isGone() {
            return outcome != null || !device.isUp() || device.life() != life;
        }

        /** What a session does to the store, and what follows from how it ended. */
        void run(Supplier<Optional<SyncReport>> step) {
            if (isGone()) {
                other().linkClosesLater();
                return;
            }
            Optional<String> ended;
            world.speakOfErasing(device);
            try {
                ended = step.get().map(SyncReport::reason);
            } catch (LoamException failed) {
                world.checkSessionFailure(device, peer, failed);
                // It may have let itself in, and found no time to show that.
                device.setMayHaveSpoken(failed.code() == ErrorCode.IO_FAILED);
                ended = Optional.of("threw " + failed.code());
            } catch (UncheckedIOException failed) {
                world.checkEnded(device, failed);
                ended = Optional.of("threw");
            }
            ended.ifPresent(
                    reason -> {
                        outcome = reason;
                        if (reason.equals("DONE") && device.store().isMember(peer.id())) {
                            device.hasTold(peer, frontierAtStart);
                        }
                        world.sessionEnded(device, peer, reason);
                        other().linkClosesLater();
                    });
            world.checkAfterSessionStep(device);
        }

        private Optional<SyncReport> begin() {
            hasBegun = true;
            SimulatedStore.Session begun = device.store().session(peer.id(), this::send);
            session = begun;
            frontierAtStart = device.store().frontier();
            device.setMayHaveSpoken(true);
            if (peer.isUp()) {
                device.store().greet(peer.store());
            }
            Optional<SyncReport> report = begun.begin();
            device.setMayHaveSpoken(false);
            world.toldPeer(device);
            tickLater();
            while (report.isEmpty() && !early.isEmpty()) {
                report = begun.take(early.remove());
            }
            return report;
        }

        private Optional<SyncReport> take(SyncInput input) {
            if (!hasBegun) {
                early.add(input);
                return Optional.empty();
            }
            return Objects.requireNonNull(session).take(input);
        }

        private void tickLater() {
            world.after(
                    TICK_MILLIS,
                    () -> {
                        if (!isGone()) {
                            run(() -> take(new SyncInput.Tick()));
                            tickLater();
                        }
                    });
        }

        private void mustBeOver() {
            Violation.unless(
                    isGone(), "a session of %d with %d hangs", device.number(), peer.number());
        }

        private void send(Bytes frame) {
            frames++;
            world.record(frame);
            if (frames > quality.framesUntilBroken()) {
                linkClosesLater();
                other().linkClosesLater();
                return;
            }
            boolean isSilent = frames > quality.framesUntilSilent() && side == quality.silentSide();
            if (isSilent || world.isCut(device, peer)) {
                return;
            }
            Bytes carried = frames == quality.changedFrame() ? Mutation.of(frame, random) : frame;
            List<Bytes> all =
                    side == 1 && liar.isPresent() ? liar.get().instead(carried) : List.of(carried);
            all.forEach(each -> other().arrivesLater(new SyncInput.FrameReceived(each)));
        }

        private void linkClosesLater() {
            arrivesLater(new SyncInput.LinkClosed());
        }

        /** In the order in which it was sent. */
        private void arrivesLater(SyncInput input) {
            long at = Math.max(lastArrivalMillis, world.nowMillis() + delay());
            lastArrivalMillis = at;
            world.after(
                    at - world.nowMillis(),
                    () -> {
                        if (!isGone()) {
                            run(() -> take(input));
                        }
                    });
        }
    }
}
