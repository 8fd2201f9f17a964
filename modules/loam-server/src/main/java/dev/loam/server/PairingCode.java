package dev.loam.server;

import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.PairingProof;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one person carries from the host of a pairing to the joiner. Whoever reads it may become a
 * peer: it goes by a way that only the two devices' owner sees, and is good once and not for long.
 *
 * @param host the device that offers the pairing; no other is accepted in its place
 * @param addresses {@code host:port} where it listens, to be tried in turn; 1 to {@value
 *     #ADDRESSES_MAX}
 * @param secret 16 random bytes
 */
public record PairingCode(DeviceId host, List<String> addresses, Bytes secret) {
    public static final int ADDRESSES_MAX = 8;

    private static final String PREFIX = "loam-pair-1";
    private static final int CHECKSUM_BYTES = 6;
    private static final int TEXT_CHARS_MAX = 4_096;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    // 64 characters are the 48 bytes of id and secret, 8 are the 6 of the checksum: both without
    // padding or spare bits, so that a code has one text.
    private static final Pattern FORM =
            Pattern.compile(PREFIX + "/([A-Za-z0-9_-]{64})/([^/]+)/([A-Za-z0-9_-]{8})");

    /**
     * @throws LoamException {@code INVALID_ARGUMENT} if an address or the number of them, or the
     *     secret's size is not as it must be
     */
    public PairingCode {
        addresses = List.copyOf(addresses);
        checkAddresses(addresses);
        if (secret.size() != PairingProof.SECRET_BYTES) {
            throw malformed("a pairing code's secret has " + PairingProof.SECRET_BYTES + " bytes");
        }
    }

    static void checkAddresses(List<String> addresses) {
        if (addresses.isEmpty() || addresses.size() > ADDRESSES_MAX) {
            throw malformed("a pairing code holds 1 to " + ADDRESSES_MAX + " addresses");
        }
        addresses.forEach(PeerAddress::parse);
    }

    /** The code as one line without spaces. It holds the secret. */
    public String toText() {
        byte[] blob = new byte[DeviceId.SIZE + PairingProof.SECRET_BYTES];
        host.bytes().copyTo(blob, 0);
        secret.copyTo(blob, DeviceId.SIZE);
        String body =
                PREFIX
                        + "/"
                        + BASE64.encodeToString(blob)
                        + "/"
                        + String.join(",", addresses)
                        + "/";
        return body + checksum(body);
    }

    /**
     * Reads what {@link #toText} wrote; blanks around it are ignored.
     *
     * @throws LoamException {@code INVALID_ARGUMENT} if it is no pairing code, or a character of it
     *     is wrong or missing
     */
    public static PairingCode parse(String text) {
        String line = text.strip();
        Matcher form = FORM.matcher(line);
        if (line.length() > TEXT_CHARS_MAX || !form.matches()) {
            throw malformed(
                    "this is not a whole pairing code: it begins with "
                            + PREFIX
                            + "/ and has no spaces; copy it again");
        }
        if (!checksum(line.substring(0, form.start(3))).equals(form.group(3))) {
            throw malformed("a character of the pairing code is wrong or missing; copy it again");
        }
        Bytes blob = Bytes.adopt(Base64.getUrlDecoder().decode(form.group(1)));
        return new PairingCode(
                new DeviceId(blob.slice(0, DeviceId.SIZE)),
                List.of(form.group(2).split(",", -1)),
                blob.slice(DeviceId.SIZE, blob.size()));
    }

    /** Against slips only: who wants to change a code can compute it. */
    private static String checksum(String body) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(body.getBytes(StandardCharsets.UTF_8));
            return BASE64.encodeToString(Bytes.copyOf(hash, 0, CHECKSUM_BYTES).toArray());
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java runtime has SHA-256", impossible);
        }
    }

    private static LoamException malformed(String why) {
        return new LoamException(ErrorCode.INVALID_ARGUMENT, why);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "PairingCode[" + host + " at " + String.join(",", addresses) + "]";
    }
}
