package dev.loam.server;

import static dev.loam.server.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairingCodeTest {
    private static final PairingCode CODE =
            code("192.168.1.5:7070", "[2001:db8::5]:7070", "desk.local:65535");

    @Property(tries = 200)
    void aCodeComesBackFromItsText(
            @ForAll @Size(32) byte[] host,
            @ForAll @Size(16) byte[] secret,
            @ForAll @IntRange(min = 1, max = 8) int addresses,
            @ForAll @IntRange(min = 1, max = 65_535) int port) {
        PairingCode code =
                new PairingCode(
                        new DeviceId(Bytes.copyOf(host)),
                        Collections.nCopies(addresses, "10.0.0.1:" + port),
                        Bytes.copyOf(secret));

        assertThat(PairingCode.parse(code.toText())).isEqualTo(code);
    }

    @Test
    void isOneLineWithoutSpacesThatSaysWhatItIs() {
        assertThat(CODE.toText()).startsWith("loam-pair-1/").matches("\\S+");
    }

    @Test
    void blanksAroundItAreIgnored() {
        assertThat(PairingCode.parse("  " + CODE.toText() + "\r\n")).isEqualTo(CODE);
    }

    @Test
    void anyOneCharacterChangedLostOrSwappedIsRefused() {
        String text = CODE.toText();
        for (int at = 0; at < text.length(); at++) {
            String before = text.substring(0, at);
            String after = text.substring(at + 1);
            for (char other : "aZ09-_/.,: ".toCharArray()) {
                if (other != text.charAt(at)) {
                    refuse(before + other + after);
                }
            }
            refuse(before + after);
            refuse(before + text.charAt(at) + text.charAt(at) + after);
            if (at > 0 && text.charAt(at) != text.charAt(at - 1)) {
                refuse(text.substring(0, at - 1) + text.charAt(at) + text.charAt(at - 1) + after);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "loam-pair-1", "loam-pair-1///", "loamkey1-abc", "\u0000"})
    void whatIsNoCodeIsRefused(String text) {
        refuse(text);
    }

    @Property(tries = 200)
    void arbitraryTextIsRefused(@ForAll String text) {
        refuse(text);
        refuse("loam-pair-1/" + text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                "host:",
                ":1",
                "host:0",
                "host:65536",
                "host:-1",
                "host:1a",
                "two words:1",
                "a,b:1",
                "a/b:1",
                "2001:db8::5:7070",
                "[::1]",
                "[::1]:",
                "h\u00f6st:1"
            })
    void anAddressIsAHostAndAPort(String address) {
        refusal(ErrorCode.INVALID_ARGUMENT, () -> code(address));
    }

    @Test
    void holdsOneToEightAddresses() {
        refusal(ErrorCode.INVALID_ARGUMENT, PairingCodeTest::code);
        refusal(
                ErrorCode.INVALID_ARGUMENT,
                () -> code(Collections.nCopies(9, "a:1").toArray(String[]::new)));

        assertThat(code(Collections.nCopies(8, "a:1").toArray(String[]::new)).addresses())
                .hasSize(8);
    }

    @Test
    void theLongestCodeThatCanBeMadeCanBeRead() {
        PairingCode longest =
                code(Collections.nCopies(8, "h".repeat(253) + ":65535").toArray(String[]::new));

        assertThat(PairingCode.parse(longest.toText())).isEqualTo(longest);
    }

    @Test
    void aSecretOfAnotherSizeIsRefused() {
        refusal(
                ErrorCode.INVALID_ARGUMENT,
                () -> new PairingCode(CODE.host(), CODE.addresses(), TestDevice.filled(15)));
    }

    @Test
    void addressesAreReadAsHostAndPort() {
        assertThat(CODE.addresses().stream().map(PeerAddress::parse))
                .containsExactly(
                        new PeerAddress("192.168.1.5", 7070),
                        new PeerAddress("2001:db8::5", 7070),
                        new PeerAddress("desk.local", 65_535));
        assertThat(CODE.addresses().stream().map(PeerAddress::parse).map(PeerAddress::toString))
                .containsExactlyElementsOf(CODE.addresses());
    }

    private static PairingCode code(String... addresses) {
        return new PairingCode(
                new DeviceId(TestDevice.filled(32)), List.of(addresses), TestDevice.filled(16));
    }

    private static void refuse(String text) {
        refusal(ErrorCode.INVALID_ARGUMENT, () -> PairingCode.parse(text));
    }
}
