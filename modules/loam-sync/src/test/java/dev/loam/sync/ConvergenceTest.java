package dev.loam.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class ConvergenceTest {
    private static final int DEVICES = 4;
    private static final int VAULTS = 3;

    /** Something that happens to a few devices. */
    sealed interface Event {
        record Write(int device, int vault, int count, int padding) implements Event {}

        record Meet(int device, int other, long seed) implements Event {}

        record MeetBriefly(int device, int other, long seed, int steps) implements Event {}
    }

    @Property(tries = 80)
    void devicesThatMeetHoldTheSameWhateverTheyDidBefore(@ForAll("histories") List<Event> history) {
        List<ModelStore> devices = afterwards(history);

        for (int round = 0; round < 2; round++) {
            for (int other = 1; other < DEVICES; other++) {
                meet(devices.getFirst(), devices.get(other), new Random(other));
            }
        }

        for (ModelStore device : devices) {
            assertThat(device.heads()).isEqualTo(devices.getFirst().heads());
        }
    }

    @Property(tries = 30)
    void aSessionInterruptedAnywhereIsFinishedByTheNext(
            @ForAll("histories") List<Event> history, @ForAll long seed) {
        List<ModelStore> devices = afterwards(history);
        Random random = new Random(seed);

        for (int i = 0; i < 5; i++) {
            meetBriefly(devices.get(0), devices.get(1), random, random.nextInt(40));
        }
        meet(devices.get(0), devices.get(1), random);

        assertThat(devices.get(0).heads()).isEqualTo(devices.get(1).heads());
    }

    @Property(tries = 30)
    void aStoreMayMeetTwoPeersAtOnce(@ForAll("histories") List<Event> history, @ForAll long seed) {
        List<ModelStore> devices = afterwards(history);
        Random random = new Random(seed);
        Encounter first = new Encounter(devices.get(0), devices.get(1));
        Encounter second = new Encounter(devices.get(0), devices.get(2));

        first.start();
        second.start();
        List<Encounter> both = List.of(first, second);
        long moved;
        do {
            moved = both.stream().filter(encounter -> encounter.advance(random)).count();
        } while (moved > 0);

        for (Encounter encounter : both) {
            assertThat(encounter.left.reason()).contains(EndReason.DONE);
            assertThat(encounter.right.reason()).contains(EndReason.DONE);
        }
        meet(devices.get(0), devices.get(1), random);
        meet(devices.get(0), devices.get(2), random);
    }

    private static List<ModelStore> afterwards(List<Event> history) {
        List<ModelStore> devices = IntStream.range(0, DEVICES).mapToObj(ModelStore::new).toList();
        for (Event event : history) {
            switch (event) {
                case Event.Write(int device, int vault, int count, int padding) -> {
                    for (int i = 0; i < count; i++) {
                        devices.get(device).of(ModelStore.vault(vault)).write(padding);
                    }
                }
                case Event.Meet(int device, int other, long seed) ->
                        meet(devices.get(device), devices.get(other), new Random(seed));
                case Event.MeetBriefly(int device, int other, long seed, int steps) ->
                        meetBriefly(
                                devices.get(device), devices.get(other), new Random(seed), steps);
            }
        }
        return devices;
    }

    private static void meet(ModelStore one, ModelStore other, Random random) {
        Encounter encounter = new Encounter(one, other);
        encounter.run(random);
        assertThat(encounter.left.reason()).contains(EndReason.DONE);
        assertThat(encounter.right.reason()).contains(EndReason.DONE);
        assertThat(one.heads()).isEqualTo(other.heads());
        assertThat(encounter.left.counts().sentBatches())
                .isEqualTo(encounter.right.counts().receivedBatches());
        assertThat(encounter.left.counts().sentBytes())
                .isEqualTo(encounter.right.counts().receivedBytes());
    }

    private static void meetBriefly(ModelStore one, ModelStore other, Random random, int steps) {
        Encounter encounter = new Encounter(one, other);
        encounter.start();
        for (int i = 0; i < steps; i++) {
            encounter.advance(random);
        }
        encounter.cut();
        assertThat(encounter.left.reason().orElseThrow())
                .isIn(EndReason.CONNECTION, EndReason.DONE);
        assertThat(encounter.right.reason().orElseThrow())
                .isIn(EndReason.CONNECTION, EndReason.DONE);
    }

    @Provide
    Arbitrary<List<Event>> histories() {
        Arbitrary<Integer> device = Arbitraries.integers().between(0, DEVICES - 1);
        Arbitrary<Integer> distance = Arbitraries.integers().between(1, DEVICES - 1);
        Arbitrary<Integer> vault = Arbitraries.integers().between(0, VAULTS - 1);
        Arbitrary<Integer> steps = Arbitraries.integers().between(0, 40);
        Arbitrary<Event> small =
                Combinators.combine(
                                device,
                                vault,
                                Arbitraries.integers().between(1, 150),
                                Arbitraries.integers().between(0, 1_000))
                        .as(Event.Write::new);
        Arbitrary<Event> large =
                Combinators.combine(
                                device,
                                vault,
                                Arbitraries.integers().between(1, 3),
                                Arbitraries.of(100_000, 300_000, 4_000_000))
                        .as(Event.Write::new);
        Arbitrary<Event> meet =
                Combinators.combine(device, distance, Arbitraries.longs())
                        .as((one, far, seed) -> new Event.Meet(one, (one + far) % DEVICES, seed));
        Arbitrary<Event> meetBriefly =
                Combinators.combine(device, distance, Arbitraries.longs(), steps)
                        .as(
                                (one, far, seed, count) ->
                                        new Event.MeetBriefly(
                                                one, (one + far) % DEVICES, seed, count));
        return Arbitraries.frequencyOf(
                        Tuple.of(12, small),
                        Tuple.of(1, large),
                        Tuple.of(5, meet),
                        Tuple.of(5, meetBriefly))
                .list()
                .ofMaxSize(20);
    }
}
