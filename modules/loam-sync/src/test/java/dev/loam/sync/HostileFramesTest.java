package dev.loam.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Frames from a peer that is broken or means harm. */
class HostileFramesTest {
    @Property(tries = 150)
    void aFrameThatIsNotAsItWasSentNeverThrows(
            @ForAll long seed, @ForAll @IntRange(max = 40) int steps) {
        Random random = new Random(seed);
        Encounter encounter = new Encounter(store(0, random), store(1, random));
        encounter.start();
        for (int i = 0; i < steps; i++) {
            encounter.advance(random);
        }
        for (int i = 0; i < 50 && !encounter.left.hasEnded(); i++) {
            encounter.left.take(new SyncInput.FrameReceived(mangled(encounter.right, random)));
            encounter.left.answerAll();
        }
    }

    /** Damage that met the batch's own counts, which the store looks at after the frame's. */
    @Example
    void aFrameWhoseBatchIsMalformedDoesNotThrow() {
        for (long seed = -154_700; seed < -154_600; seed++) {
            aFrameThatIsNotAsItWasSentNeverThrows(seed, 40);
        }
    }

    @Property(tries = 150)
    void aCutFrameIsNoFrame(@ForAll long seed) {
        Random random = new Random(seed);
        Encounter encounter = new Encounter(store(0, random), store(1, random));
        encounter.run(random);
        for (Bytes frame : encounter.left.sent) {
            Bytes cut = frame.slice(0, random.nextInt(frame.size()));
            assertThatThrownBy(() -> FrameCodec.decode(cut))
                    .isInstanceOfSatisfying(
                            LoamException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT));
        }
    }

    @Property(tries = 150)
    void aFrameHasOneFormOnly(@ForAll long seed) {
        Random random = new Random(seed);
        Encounter encounter = new Encounter(store(0, random), store(1, random));
        encounter.run(random);
        for (Bytes frame : encounter.left.sent) {
            assertThat(FrameCodec.encode(FrameCodec.decode(frame))).isEqualTo(frame);
        }
        for (int i = 0; i < 50; i++) {
            Bytes mangled = mangled(encounter.left, random);
            try {
                Frame frame = FrameCodec.decode(mangled);
                if (!(frame instanceof Frame.ForeignHello)) {
                    assertThat(FrameCodec.encode(frame)).isEqualTo(mangled);
                }
            } catch (LoamException refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT);
            }
        }
    }

    @Test
    void countsAreBelievedOnlyAsFarAsBytesFollow() {
        String vault = "a0".repeat(16);
        List<String> frames =
                List.of(
                        "01 01 00 ffffffff07",
                        "01 01 00 01 " + vault + " 00 ffffffff07",
                        "02 ffffffff07",
                        "02 01 " + vault + " 00 00 ffffffff07",
                        "03 " + vault + " ffffffff07",
                        "03 " + vault + " 00 ffffffff07",
                        "04 " + vault + " ffffffff07");
        for (String hex : frames) {
            Bytes frame = Bytes.fromHex(hex.replace(" ", ""));
            assertThatThrownBy(() -> FrameCodec.decode(frame)).isInstanceOf(LoamException.class);
        }
    }

    private static ModelStore store(int device, Random random) {
        ModelStore store = new ModelStore(device);
        int batches = random.nextInt(20);
        for (int i = 0; i < batches; i++) {
            store.of(ModelStore.vault(random.nextInt(2))).write(random.nextInt(50));
        }
        return store;
    }

    /** One of the frames that a side sent, with a few changes. */
    private static Bytes mangled(Encounter.Side side, Random random) {
        byte[] frame = side.sent.get(random.nextInt(side.sent.size())).toArray();
        for (int i = random.nextInt(4); i > 0; i--) {
            frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextInt(4) == 0
                ? Bytes.copyOf(frame, 0, random.nextInt(frame.length + 1))
                : Bytes.adopt(frame);
    }
}
