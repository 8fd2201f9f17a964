package dev.loam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.crypto.PairingProof;
import dev.loam.crypto.PairingProof.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the code to the bytes that docs/formats/peer-link.md prints. */
class PeerLinkFormatTest {
    private final String page = page();
    private final DeviceId host = new DeviceId(bytes("host id"));
    private final DeviceId joiner = new DeviceId(bytes("joiner id"));
    private final Bytes secret = bytes("secret");

    @Test
    void theCodeIsAsPrinted() {
        PairingCode code =
                new PairingCode(host, List.of("192.168.1.5:7070", "[2001:db8::5]:7070"), secret);

        assertThat(code.toText()).isEqualTo(printed("code"));
        assertThat(PairingCode.parse(printed("code"))).isEqualTo(code);
    }

    @Test
    void theProofsAreAsPrinted() {
        assertThat(PairingProof.of(secret, Role.JOINER, host, joiner, bytes("exporter")))
                .isEqualTo(bytes("joiner's"));
        assertThat(PairingProof.of(secret, Role.HOST, host, joiner, bytes("exporter")))
                .isEqualTo(bytes("host's"));
    }

    @ParameterizedTest
    @EnumSource
    void everyGreetingHasItsByteInTheTable(Greeting greeting) {
        assertThat(page)
                .contains("| `" + greeting.frame().toHex() + "` | `" + greeting.name() + "` |");
    }

    @Test
    void theTablesHoldNoOtherGreetingOrRefusal() {
        assertThat(
                        Pattern.compile("^\\| `[0-9a-f]{2}` \\|", Pattern.MULTILINE)
                                .matcher(page)
                                .results())
                .hasSize(Greeting.values().length + PairingRefusal.values().length);
    }

    @ParameterizedTest
    @EnumSource
    void everyRefusalHasItsByteInTheTable(PairingRefusal refusal) {
        String tag = Bytes.adopt(new byte[] {refusal.tag()}).toHex();
        assertThat(page).contains("| `" + tag + "` | `" + refusal.name() + "` |");
        assertThat(PairingRefusal.of(refusal.tag())).contains(refusal);
    }

    @Test
    void aRefusalIsAsPrinted() {
        Bytes why = Bytes.adopt(new byte[] {PairingRefusal.WRONG.tag()});
        assertThat(bytes("REFUSED").toHex())
                .isEqualTo("00000002" + Greeting.REFUSED.frame(why).toHex());
    }

    @Test
    void greetingsWithoutContentAreAsPrinted() {
        for (Greeting greeting :
                Arrays.asList(Greeting.SESSION, Greeting.HELLO_OK, Greeting.PAIRED)) {
            assertThat(bytes(greeting.name()).toHex())
                    .isEqualTo("00000001" + greeting.frame().toHex());
        }
    }

    private Bytes bytes(String name) {
        return Bytes.fromHex(printed(name));
    }

    private String printed(String name) {
        Matcher line =
                Pattern.compile("^    " + name + " +(\\S+)$", Pattern.MULTILINE).matcher(page);
        assertThat(line.find()).as(name).isTrue();
        return line.group(1);
    }

    private static String page() {
        try {
            return Files.readString(Path.of("../../docs/formats/peer-link.md"));
        } catch (IOException missing) {
            throw new AssertionError(missing);
        }
    }
}
