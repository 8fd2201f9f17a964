package dev.loam.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Under any mix of faults nothing acknowledged is lost, and devices that are healed agree. */
class SimulatorTest {
    private static final int SEEDS = Integer.getInteger("seeds", 1_000);
    private static final long FROM = Long.getLong("seed", 1);
    private static final int LANES = 2;
    private static final int SEEDS_OF_PLANTED_MAX = 200;

    /** In so many worlds all that can happen does. */
    private static final int SEEDS_OF_EVERYTHING = 1_000;

    private static final List<String> EVERYTHING =
            List.of(
                    "fault crash",
                    "fault compacted",
                    "fault full disk met",
                    "fault partition",
                    "fault restored backup",
                    "fault late device came home",
                    "fault disk looked through",
                    "fault receipt checked",
                    "fault stores sealed",
                    "fault revoked",
                    "fault revoked device refused",
                    "fault frame lost",
                    "fault frame twice",
                    "fault frame out of turn",
                    "fault frame changed",
                    "fault frame replayed",
                    "fault frame forged",
                    "session REVOKED",
                    "session BAD_SEAL",
                    "session STALLED",
                    "write of amounts",
                    "write of a removal",
                    "write of forgetting",
                    "write of several memories",
                    "write of nothing");

    @Test
    void everySeedConvergesAndNothingAcknowledgedIsLost() throws Exception {
        List<Simulator> simulators = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        try (ExecutorService lanes = Executors.newFixedThreadPool(LANES)) {
            List<Future<List<String>>> running = new ArrayList<>();
            for (int lane = 0; lane < LANES; lane++) {
                Simulator simulator = new Simulator(Plant.NONE);
                simulators.add(simulator);
                long first = FROM + lane;
                running.add(lanes.submit(() -> live(simulator, first)));
            }
            for (Future<List<String>> lane : running) {
                failures.addAll(found(lane));
            }
        }
        Counts counts = new Counts();
        simulators.forEach(simulator -> counts.add(simulator.counts()));
        System.err.printf("counters: simulator seed=%d seeds=%d %s%n", FROM, SEEDS, counts);
        assertThat(failures).isEmpty();
        assertThat(counts.of("converged")).isGreaterThanOrEqualTo(SEEDS);
        if (SEEDS >= SEEDS_OF_EVERYTHING) {
            assertThat(EVERYTHING).allMatch(kind -> counts.of(kind) > 0);
        }
    }

    private static List<String> live(Simulator simulator, long first) {
        Simulate simulate = new Simulate(simulator, false);
        List<String> failures = new ArrayList<>();
        for (long seed = first; seed < FROM + SEEDS && failures.isEmpty(); seed += LANES) {
            simulate.tried(seed).ifPresent(failures::add);
        }
        return failures;
    }

    private static List<String> found(Future<List<String>> lane) throws InterruptedException {
        try {
            return lane.get();
        } catch (ExecutionException failed) {
            throw new AssertionError("a world could not be lived", failed);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void plantedFaultIsFound(Plant plant) {
        Simulator simulator = new Simulator(plant);
        Optional<Throwable> failure = Optional.empty();
        long seed = FROM;
        while (failure.isEmpty() && seed < FROM + SEEDS_OF_PLANTED_MAX) {
            failure = simulator.run(Schedule.of(seed)).failure();
            seed++;
        }
        System.err.printf(
                "counters: simulator planted=%s found after seeds=%d: %s%n",
                plant, seed - FROM, failure.map(Throwable::getMessage).orElse("not found"));
        assertThat(failure).isPresent();
    }

    /** Two members each let a third and a fourth device in, and these then let one another in. */
    @Test
    void aDeviceWithTwoActorsIsHeardAsBoth() {
        Schedule schedule =
                new Schedule(
                        14,
                        7,
                        Durability.WAL,
                        10,
                        Schedule.Pace.MINUTES,
                        false,
                        false,
                        List.of(
                                at(20_753, new Event.Meet(5, 0, -3027489900689836113L)),
                                at(40_884, new Event.Meet(4, 1, -1842681088338273762L)),
                                at(51_275, new Event.Meet(5, 4, 2993486666062238573L)),
                                at(51_708, new Event.Change(4, 2702672394978572377L))));
        assertThat(new Simulator(Plant.NONE).run(schedule).failure()).isEmpty();
    }

    /** Who revoked is shut out itself before anybody has heard, and comes home. */
    @Test
    void whomALateDeviceRevokedStaysOut() {
        Schedule schedule =
                new Schedule(
                        62_066,
                        3,
                        Durability.WAL,
                        11,
                        Schedule.Pace.MINUTES,
                        true,
                        false,
                        List.of(
                                at(35_763, new Event.Revoke(2, 0, -6198383022839068307L)),
                                at(52_124, new Event.ShutOut(1, 2, 6630892066433467127L))));
        assertThat(new Simulator(Plant.NONE).run(schedule).failure()).isEmpty();
    }

    /**
     * One forgets with a clock that is ahead, and begins anew: all others have what was cut for
     * that, and nobody has the purge.
     */
    @Test
    void whoForgotWhatNobodyTakesComesHome() {
        assertThat(new Simulator(Plant.NONE).run(Schedule.of(970_980)).failure()).isEmpty();
    }

    private static Schedule.Timed at(long millis, Event event) {
        return new Schedule.Timed(millis, event);
    }
}
