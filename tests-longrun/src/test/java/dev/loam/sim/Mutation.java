package dev.loam.sim;

import dev.loam.core.Bytes;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Other bytes than were sent. */
final class Mutation {
    private static final int NOISE_BYTES_MAX = 200;

    private Mutation() {}

    static Bytes of(Bytes frame, SplittableRandom random) {
        byte[] bytes = frame.toArray();
        if (bytes.length == 0) {
            return noise(random);
        }
        switch (random.nextInt(5)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 20));
            case 2 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            case 3 -> {
                int at = random.nextInt(bytes.length);
                Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(16)), (byte) -1);
            }
            default -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return Bytes.adopt(bytes);
    }

    static Bytes noise(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(NOISE_BYTES_MAX)];
        random.nextBytes(bytes);
        return Bytes.adopt(bytes);
    }
}
