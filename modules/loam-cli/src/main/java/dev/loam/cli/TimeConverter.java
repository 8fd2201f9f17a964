package dev.loam.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a moment: a date, which is its first moment in UTC, or a time with its offset. */
final class TimeConverter implements ITypeConverter<Instant> {
    private static final int DATE_CHARS = "2026-01-31".length();

    @Override
    public Instant convert(String text) {
        try {
            return text.length() == DATE_CHARS
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException malformed) {
            TypeConversionException refused =
                    new TypeConversionException(
                            "a time is of the form 2026-01-31 or 2026-01-31T12:00:00Z");
            refused.initCause(malformed);
            throw refused;
        }
    }
}
