package dev.loam.longrun;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Contestants by turns in one run, since a disk and a shared machine change from minute to minute:
 * only the ratios within a round mean something. Who begins changes with each round.
 */
final class Rounds {
    private static final int MEASURED = 11;

    /** So many are printed one by one, of more their quartiles. */
    private static final int PRINTED_MAX = 15;

    /** What one turn of a contestant achieves, per second. */
    interface Turn {
        double rate() throws Exception;
    }

    private record Contestant(String name, Turn turn) {}

    private final String what;
    private final int warmUp;
    private final int measured;
    private final List<Contestant> contestants = new ArrayList<>();

    Rounds(String what) {
        this(what, MEASURED);
    }

    /** Many short rounds tell more than few long ones where a disk is now fast and now slow. */
    Rounds(String what, int measured) {
        this.what = what;
        this.measured = measured;
        this.warmUp = Math.max(2, measured / 10);
    }

    Rounds with(String name, Turn turn) {
        contestants.add(new Contestant(name, turn));
        return this;
    }

    /** Prints every round, and how the first contestant did against each of the others. */
    void run() throws Exception {
        System.out.printf("%n%s%n", what);
        int count = contestants.size();
        double[][] rates = new double[count][measured];
        for (int round = -warmUp; round < measured; round++) {
            for (int i = 0; i < count; i++) {
                int at = Math.floorMod(i + round, count);
                double rate = contestants.get(at).turn().rate();
                if (round >= 0) {
                    rates[at][round] = rate;
                }
            }
        }
        for (int i = 0; i < count; i++) {
            print("  " + contestants.get(i).name() + ", per second", rates[i], "%,.0f");
        }
        for (int i = 1; i < count; i++) {
            print("  ratio to " + contestants.get(i).name(), ratios(rates[0], rates[i]), "%.2f");
        }
    }

    private static double[] ratios(double[] first, double[] other) {
        double[] ratios = new double[first.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = first[i] / other[i];
        }
        return ratios;
    }

    private static void print(String label, double[] figures, String format) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        boolean isEach = figures.length <= PRINTED_MAX;
        double[] shown =
                isEach
                        ? figures
                        : new double[] {sorted[sorted.length / 4], sorted[sorted.length * 3 / 4]};
        StringBuilder rounds = new StringBuilder();
        for (double figure : shown) {
            rounds.append(" ").append(String.format(Locale.ROOT, format, figure));
        }
        System.out.printf(
                Locale.ROOT,
                "%-45s median %9s   %s%s%n",
                label,
                String.format(Locale.ROOT, format, sorted[sorted.length / 2]),
                isEach ? "rounds" : "quartiles of " + figures.length + " rounds",
                rounds);
    }
}
