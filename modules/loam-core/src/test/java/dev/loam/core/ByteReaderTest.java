package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading gives back what was written, and refuses all else. */
class ByteReaderTest {
    private static ByteReader reader(ByteWriter written) {
        return ByteReader.of("test", written.toBytes());
    }

    private static void assertCorrupt(String hex, Consumer<ByteReader> read) {
        ByteReader in = ByteReader.of("test", Bytes.fromHex(hex));
        assertThatThrownBy(() -> read.accept(in))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT));
    }

    @Property
    void numbersComeBack(
            @ForAll @LongRange(min = 0) long natural, @ForAll long signed, @ForAll long bits) {
        ByteReader in =
                reader(new ByteWriter().varint(natural).zigzag(signed).fixed64(bits).u8(255));

        assertThat(in.varint()).isEqualTo(natural);
        assertThat(in.zigzag()).isEqualTo(signed);
        assertThat(in.fixed64()).isEqualTo(bits);
        assertThat(in.u8()).isEqualTo(255);
        in.expectEnd();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 63, 64, -64, -65, Long.MAX_VALUE, Long.MIN_VALUE})
    void signedNumbersAtTheEdgesComeBack(long number) {
        assertThat(reader(new ByteWriter().zigzag(number)).zigzag()).isEqualTo(number);
    }

    @Test
    void numbersHaveTheKnownForms() {
        assertThat(new ByteWriter().varint(0).toBytes().toHex()).isEqualTo("00");
        assertThat(new ByteWriter().varint(127).toBytes().toHex()).isEqualTo("7f");
        assertThat(new ByteWriter().varint(624_485).toBytes().toHex()).isEqualTo("e58e26");
        assertThat(new ByteWriter().zigzag(-1).toBytes().toHex()).isEqualTo("01");
        assertThat(new ByteWriter().zigzag(1).toBytes().toHex()).isEqualTo("02");
        assertThat(new ByteWriter().fixed64(258).toBytes().toHex()).isEqualTo("0000000000000102");
        assertThat(new ByteWriter().utf8("\u00e9").toBytes().toHex()).isEqualTo("02c3a9");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "80", "8000", "ff00", "ffffffffffffffffff01", "ffffffffffffffffff02"})
    void numbersCutTooLongOrTooLargeAreRefused(String hex) {
        assertCorrupt(hex, ByteReader::varint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffffffffffffff02", "ffffffffffffffffffff01", "8080"})
    void signedNumbersBeyond64BitsAreRefused(String hex) {
        assertCorrupt(hex, ByteReader::zigzag);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "05616263", "ffffffff0f61", "ffffffffffffffff7f"})
    void lengthsBeyondTheEndAreRefused(String hex) {
        assertCorrupt(hex, ByteReader::bytes);
        assertCorrupt(hex, ByteReader::utf8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01ff", "02c080", "03eda080", "01c3"})
    void textThatIsNotUtf8IsRefused(String hex) {
        assertCorrupt(hex, ByteReader::utf8);
    }

    @Test
    void whatFollowsTheEndIsRefused() {
        assertCorrupt("00", ByteReader::expectEnd);
    }

    @Test
    void anIndexStaysInItsTable() {
        assertThat(reader(new ByteWriter().varint(2)).index(3)).isEqualTo(2);
        assertCorrupt("03", in -> in.index(3));
    }
}
