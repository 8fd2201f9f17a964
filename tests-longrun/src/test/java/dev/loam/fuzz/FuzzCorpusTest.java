package dev.loam.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each parser answers what its corpus holds, and many small changes of it, as it must. */
class FuzzCorpusTest {
    private static final int CHANGES = 300;

    static Stream<String> targets() {
        return FuzzTargets.names().stream();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void corpusIsAnsweredAsItMust(String name) throws Exception {
        FuzzTarget target = FuzzTargets.named(name);
        List<byte[]> seeds = target.seeds();
        assertThat(seeds).isNotEmpty();
        for (byte[] seed : seeds) {
            judge(target, seed);
        }
        Random random = new Random(name.hashCode());
        for (int i = 0; i < CHANGES; i++) {
            judge(target, changed(seeds.get(random.nextInt(seeds.size())), random));
        }
    }

    private static void judge(FuzzTarget target, byte[] input) {
        assertThatCode(() -> FuzzJudge.judge(target, input))
                .as(() -> "input " + HexFormat.of().formatHex(input))
                .doesNotThrowAnyException();
    }

    private static byte[] changed(byte[] seed, Random random) {
        byte[] changed = seed.clone();
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            changed = changedOnce(changed, random);
        }
        return changed;
    }

    private static byte[] changedOnce(byte[] seed, Random random) {
        int at = random.nextInt(seed.length + 1);
        byte[] changed = seed.clone();
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(seed, at);
            case 1 -> {
                byte[] longer = Arrays.copyOf(seed, seed.length + 1);
                System.arraycopy(seed, at, longer, at + 1, seed.length - at);
                longer[at] = (byte) random.nextInt();
                yield longer;
            }
            case 2 -> {
                if (at < seed.length) {
                    changed[at] = (byte) random.nextInt();
                }
                yield changed;
            }
            default -> {
                if (at < seed.length) {
                    changed[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                }
                yield changed;
            }
        };
    }
}
