package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import dev.loam.crypto.Secret;
import dev.loam.crypto.SlotSecret;
import java.nio.charset.StandardCharsets;

/** What a source gives, which is nobody's business but the engine's and the tests'. */
public final class GivenSecret {
    private GivenSecret() {}

    /** The passphrase, or the key in hexadecimal. */
    public static String of(KeySource source) {
        try (SlotSecret secret = source.toOpen(new StoreId(Bytes.adopt(new byte[16])))) {
            return switch (secret) {
                case SlotSecret.Passphrase passphrase ->
                        passphrase.text().with(bytes -> new String(bytes, StandardCharsets.UTF_8));
                case SlotSecret.Key key -> hex(key.key());
            };
        }
    }

    public static String hex(Secret secret) {
        return secret.with(bytes -> Bytes.copyOf(bytes).toHex());
    }
}
