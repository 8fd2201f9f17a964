package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.BatchId;
import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.ChainHash;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import java.util.Optional;

/**
 * What one frame of the log holds: a batch, its identity, the hash of its author's chain up to it,
 * and, where one came with it, the author's seal over that hash. The bytes are described in
 * docs/formats/batch.md.
 */
record LogEntry(BatchId id, ChainHash hash, Optional<Bytes> seal, Bytes batch) {
    private static final int FORM = 1;
    static final int SEAL_SIZE = 64;

    /** The same batch in another form. */
    LogEntry with(Bytes otherForm) {
        return new LogEntry(id, hash, seal, otherForm);
    }

    Bytes encode() {
        ByteWriter writer = new ByteWriter();
        writer.u8(FORM);
        writer.raw(id.vault().bytes());
        writer.raw(id.actor().bytes());
        writer.varint(id.sequence());
        writer.raw(hash.bytes());
        writer.u8(seal.isPresent() ? 1 : 0);
        seal.ifPresent(writer::raw);
        writer.raw(batch);
        return writer.toBytes();
    }

    static LogEntry decode(Bytes payload) {
        ByteReader reader = ByteReader.of("log entry", payload);
        int form = reader.u8();
        if (form != FORM) {
            throw new LoamException(
                    ErrorCode.FORMAT_VERSION,
                    "a log entry is of form " + form + ", this version of Loam reads form " + FORM);
        }
        VaultId vault = new VaultId(reader.raw(VaultId.SIZE));
        ActorId actor = new ActorId(reader.raw(ActorId.SIZE));
        long sequence = reader.varint();
        ChainHash hash = new ChainHash(reader.raw(ChainHash.SIZE));
        int sealed = reader.u8();
        if (sealed > 1) {
            throw reader.corrupt("it has " + sealed + " seals");
        }
        Optional<Bytes> seal = sealed == 1 ? Optional.of(reader.raw(SEAL_SIZE)) : Optional.empty();
        return new LogEntry(
                new BatchId(vault, actor, sequence), hash, seal, reader.raw(reader.remaining()));
    }
}
