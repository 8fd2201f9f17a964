package dev.loam.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What comes before a session: greetings, addresses and pairing codes. */
public final class FuzzGreeting implements FuzzTarget {
    private static final PairingCode CODE =
            new PairingCode(
                    new DeviceId(Bytes.fromHex("ab".repeat(DeviceId.SIZE))),
                    List.of("host:1", "[::1]:65535"),
                    Bytes.fromHex("cd".repeat(16)));

    @Override
    public List<byte[]> seeds() {
        return List.of(
                CODE.toText().getBytes(StandardCharsets.UTF_8),
                "[fe80::1%eth0]:7".getBytes(StandardCharsets.UTF_8),
                Greeting.SESSION.frame().toArray(),
                Greeting.REFUSED.frame(Bytes.fromHex("01")).toArray());
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(ErrorCode.INVALID_ARGUMENT);
    }

    @Override
    public void run(byte[] input) {
        Bytes frame = Bytes.copyOf(input);
        for (Greeting greeting : Greeting.values()) {
            greeting.read(frame)
                    .ifPresent(content -> assertThat(greeting.frame(content)).isEqualTo(frame));
        }
        String text = new String(input, StandardCharsets.UTF_8);
        try {
            PeerAddress.parse(text);
        } catch (LoamException refused) {
            mayBe(refused);
        }
        assertThat(PairingCode.parse(text).toText()).isEqualTo(text.strip());
    }
}
