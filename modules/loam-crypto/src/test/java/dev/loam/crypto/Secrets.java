package dev.loam.crypto;

import dev.loam.core.Bytes;

/** What tests may see of secrets. */
final class Secrets {
    private Secrets() {}

    static String hex(Secret secret) {
        return secret.with(bytes -> Bytes.copyOf(bytes).toHex());
    }
}
