package dev.loam.crypto;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import javax.crypto.SecretKey;

/** A key for the JDK's ciphers that can be wiped, unlike {@code SecretKeySpec}. */
final class RawKey implements SecretKey {
    private static final long serialVersionUID = 1;

    private final String algorithm;
    private final transient byte[] content;

    /**
     * @param content becomes the key's own
     */
    RawKey(String algorithm, byte[] content) {
        this.algorithm = algorithm;
        this.content = content;
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    @Override
    public byte[] getEncoded() {
        return content.clone();
    }

    @Override
    public void destroy() {
        Arrays.fill(content, (byte) 0);
    }

    @Override
    public String toString() {
        return "***";
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException(RawKey.class.getName());
    }
}
