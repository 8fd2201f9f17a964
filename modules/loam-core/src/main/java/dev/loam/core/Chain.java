package dev.loam.core;

/**
 * The hash chain of an actor's batches. It covers commitments to the parts, each salted from the
 * batch's seed: a part can be forgotten, and seed and salt with it, and the chain still verifies
 * while the part cannot be guessed.
 */
public final class Chain {
    /** Before an actor's first batch. */
    public static final ChainHash START = new ChainHash(Bytes.adopt(new byte[ChainHash.SIZE]));

    /** Of a chain hash, as dependencies carry it. */
    public static final int PREFIX_SIZE = 8;

    private static final Bytes BATCH_LABEL = Bytes.ofUtf8("loam/batch/1");
    private static final Bytes SEAL_LABEL = Bytes.ofUtf8("loam/seal/1");
    private static final int SALT_SIZE = 16;

    private Chain() {}

    /**
     * The hash of an actor's history up to and with a batch.
     *
     * @param previous that of the batch before, or {@link #START}
     * @throws LoamException {@code CORRUPT} if {@code encodedBatch} does not divide into parts
     */
    public static ChainHash next(BatchId id, ChainHash previous, Bytes encodedBatch) {
        ByteWriter hashed =
                new ByteWriter()
                        .raw(BATCH_LABEL)
                        .raw(id.vault().bytes())
                        .raw(id.actor().bytes())
                        .fixed64(id.sequence())
                        .raw(previous.bytes())
                        .raw(root(encodedBatch));
        return new ChainHash(Sha256.of(hashed.toBytes()));
    }

    /** The first 8 bytes. */
    public static Bytes prefix(ChainHash hash) {
        return hash.bytes().slice(0, PREFIX_SIZE);
    }

    /** What a device signs to vouch for all of an actor's batches up to {@code id}. */
    public static Bytes sealMessage(BatchId id, ChainHash hash) {
        return new ByteWriter()
                .raw(SEAL_LABEL)
                .raw(id.vault().bytes())
                .raw(id.actor().bytes())
                .fixed64(id.sequence())
                .raw(hash.bytes())
                .toBytes();
    }

    /** The salt of a part, 0 being the head. */
    static Bytes salt(Bytes seed, long part) {
        return new Sha256().add(seed).add(part).end().slice(0, SALT_SIZE);
    }

    private static Bytes root(Bytes encodedBatch) {
        return CutForm.isOne(encodedBatch) ? rootOfCut(encodedBatch) : rootOfWhole(encodedBatch);
    }

    private static Bytes rootOfCut(Bytes encodedBatch) {
        PartReader parts = PartReader.of(encodedBatch);
        Sha256 root = new Sha256().add(Sha256.of(parts.headSalt(), parts.head()));
        while (parts.hasNext()) {
            root.add(
                    switch (parts.next()) {
                        case PartReader.Left left -> left.commitment();
                        case PartReader.Gone(CutPart cut) -> cut.commitment();
                    });
        }
        return root.end();
    }

    private static Bytes rootOfWhole(Bytes encodedBatch) {
        ByteReader reader = ByteReader.of("batch", encodedBatch);
        Bytes seed = reader.raw(Batch.SEED_SIZE);
        Sha256 root = new Sha256();
        Sha256 sha256 = new Sha256();
        byte[] hash = new byte[Sha256.SIZE];
        for (long part = 0; !reader.isAtEnd(); part++) {
            sha256.add(seed).add(part).end(hash, 0);
            sha256.add(hash, SALT_SIZE).add(reader.nested()).end(hash, 0);
            root.add(hash, Sha256.SIZE);
        }
        return root.end();
    }
}
