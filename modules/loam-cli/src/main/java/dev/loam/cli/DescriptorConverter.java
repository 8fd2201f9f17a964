package dev.loam.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The number of an inherited descriptor. What is none is not quoted: it may be the secret itself,
 * from somebody who took it for the option's value.
 */
final class DescriptorConverter implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
        if (!value.matches("[0-9]{1,6}") || value.equals("1") || value.equals("2")) {
            throw new TypeConversionException(
                    "it is the number of an open descriptor, 0 for stdin, 3 or more; the secret"
                            + " itself is never an argument");
        }
        return Integer.valueOf(value);
    }
}
