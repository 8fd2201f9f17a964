package dev.loam.longrun;

import dev.loam.core.Bytes;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * SQLite with a write-ahead log that each commit forces: one connection for all callers, each with
 * a prepared statement of its own, a row per transaction. Its own checkpoints stay as they are.
 */
final class SqliteWrites implements DurableWrites, AutoCloseable {
    private final Connection connection;
    private final Queue<PreparedStatement> idle = new ConcurrentLinkedQueue<>();

    private SqliteWrites(Connection connection) {
        this.connection = connection;
    }

    static SqliteWrites open(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        require(connection, "PRAGMA journal_mode=WAL", "wal");
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("CREATE TABLE log (position INTEGER PRIMARY KEY, payload BLOB)");
        }
        // 2 is how SQLite says FULL.
        require(connection, "PRAGMA synchronous", "2");
        return new SqliteWrites(connection);
    }

    private static void require(Connection connection, String query, String wanted)
            throws SQLException {
        String found = answer(connection, query);
        if (!wanted.equals(found)) {
            throw new AssertionError(query + " answers " + found + ", not " + wanted);
        }
    }

    private static String answer(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.getString(1);
        }
    }

    @Override
    public void write(Bytes payload) throws SQLException {
        PreparedStatement known = idle.poll();
        PreparedStatement statement =
                known != null
                        ? known
                        : connection.prepareStatement("INSERT INTO log (payload) VALUES (?)");
        statement.setBytes(1, payload.toArray());
        statement.executeUpdate();
        idle.add(statement);
    }

    /** Rows that are there, to be compared with those that were acknowledged. */
    long rows() throws SQLException {
        return Long.parseLong(answer(connection, "SELECT count(*) FROM log"));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
