namespace Orchestrator.Datasets;

/// <summary>
/// Walks a struct in Thrift's compact protocol and holds it to the types that Parquet gives its
/// fields: the library that reads them later trusts types and sizes, and a damaged one could keep
/// it reading for ever, or make room for gigabytes.
/// </summary>
internal ref struct ThriftCheck(ReadOnlySpan<byte> bytes)
{
    private const int Deepest = 32;

    // Types of the compact protocol.
    private const int True = 1;
    private const int False = 2;
    private const int Byte = 3;
    private const int Short = 4;
    private const int Integer = 5;
    private const int Long = 6;
    private const int Double = 7;
    private const int Binary = 8;
    private const int List = 9;
    private const int Set = 10;
    private const int Map = 11;
    private const int Struct = 12;

    // Of each struct the fields that are known: n a whole number, s text or bytes, b a truth value,
    // y a byte, [x a list of x, otherwise a struct. Fields that are not known are passed over by
    // their type.
    private static readonly Dictionary<string, Dictionary<int, string>> Known = new()
    {
        ["File"] = Fields("n", "[Schema", "n", "[Group", "[Pair", "s", "[any", "any", "s"),
        ["Schema"] = Fields("n", "n", "n", "s", "n", "n", "n", "n", "n", "Logical"),
        ["Logical"] = Fields("any", "any", "any", "any", "Decimal", "any", "Time", "Time", "any", "Width", "any", "any", "any", "any", "any", "any", "any", "any"),
        ["Decimal"] = Fields("n", "n"),
        ["Time"] = Fields("b", "any"),
        ["Width"] = Fields("y", "b"),
        ["Group"] = Fields("[Chunk", "n", "n", "[Sorting", "n", "n", "n"),
        ["Sorting"] = Fields("n", "b", "b"),
        ["Chunk"] = Fields("s", "n", "Column", "n", "n", "n", "n", "any", "s"),
        ["Column"] = Fields("n", "[n", "[s", "n", "n", "n", "n", "[Pair", "n", "n", "n", "Statistics", "[Encoding", "n", "n", "Size", "any"),
        ["Pair"] = Fields("s", "s"),
        ["Encoding"] = Fields("n", "n", "n"),
        ["Size"] = Fields("n", "[n", "[n"),
        ["Statistics"] = Fields("s", "s", "n", "n", "s", "s", "b", "b"),
        ["Page"] = Fields("n", "n", "n", "n", "Data", "any", "Dictionary", "Data2"),
        ["Data"] = Fields("n", "n", "n", "n", "Statistics"),
        ["Dictionary"] = Fields("n", "n", "b"),
        ["Data2"] = Fields("n", "n", "n", "n", "n", "n", "b", "Statistics"),
        ["any"] = [],
    };

    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;

    /// <summary>Bytes that the struct takes.</summary>
    public readonly int Length => at;

    /// <summary>Walks a struct that the bytes begin with.</summary>
    /// <param name="kind">File or Page.</param>
    /// <param name="numbers">Receives whole numbers of the struct itself by their field, and of
    /// structs directly in it by 100 x field + field.</param>
    /// <exception cref="InvalidDataException">It is none such, or ends too early; the message is a
    /// clause.</exception>
    public void Walk(string kind, IDictionary<int, long> numbers) => Walk(kind, 0, numbers, 0);

    private void Walk(string kind, int depth, IDictionary<int, long>? numbers, int outer)
    {
        if (depth > Deepest)
        {
            throw new InvalidDataException($"its metadata is nested more than {Deepest} deep");
        }

        var known = Known[kind];
        for (var field = 0; ;)
        {
            var head = Next();
            if (head == 0)
            {
                return;
            }

            field = head >> 4 == 0 ? (int)Math.Clamp(Number(), short.MinValue, short.MaxValue) : field + (head >> 4);
            var expected = known.GetValueOrDefault(field, "?");
            var number = Value(head & 15, expected, depth, isElement: false, depth == 0 ? numbers : null, field);
            if (number is { } given && numbers is not null && field is > 0 and < 100)
            {
                numbers[outer + field] = given;
            }
        }
    }

    // A value of a type, which is the expected one.
    private long? Value(int type, string expected, int depth, bool isElement, IDictionary<int, long>? numbers, int field)
    {
        var fits = expected switch
        {
            "?" => true,
            "n" => type is Short or Integer or Long,
            "s" => type == Binary,
            "y" => type == Byte,
            "b" => type is True or False,
            _ when expected[0] == '[' => type == List,
            _ => type == Struct,
        };
        if (!fits)
        {
            throw new InvalidDataException("its metadata is damaged: a field is of another type than Parquet gives it");
        }

        switch (type)
        {
            case True or False:
                at += isElement ? 1 : 0;
                break;
            case Byte:
                Skip(1);
                break;
            case Short or Integer or Long:
                return Number();
            case Double:
                Skip(8);
                break;
            case Binary:
                Skip(Size());
                break;
            case List or Set:
                Elements(expected[0] == '[' ? expected[1..] : "?", depth);
                break;
            case Map when Size() is > 0 and var pairs:
                var types = Next();
                for (var i = 0L; i < pairs; i++)
                {
                    Value(types >> 4, "?", depth + 1, isElement: true, null, 0);
                    Value(types & 15, "?", depth + 1, isElement: true, null, 0);
                }

                break;
            case Map:
                break;
            case Struct:
                Walk(expected is "?" or "any" ? "any" : expected, depth + 1, numbers, numbers is null ? 0 : 100 * field);
                break;
            default:
                throw new InvalidDataException("its metadata is damaged: a field has a type that does not exist");
        }

        return null;
    }

    private void Elements(string expected, int depth)
    {
        var head = Next();
        var count = head >> 4 == 15 ? Size() : head >> 4;
        if (count > bytes.Length - at)
        {
            throw Early();
        }

        for (var i = 0L; i < count; i++)
        {
            Value(head & 15, expected == "any" ? "?" : expected, depth + 1, isElement: true, null, 0);
        }
    }

    private int Next() => at < bytes.Length ? bytes[at++] : throw Early();

    private void Skip(long count) => at = count <= bytes.Length - at ? at + (int)count : throw Early();

    private long Size()
    {
        var size = Unsigned();
        return size <= int.MaxValue ? (long)size : throw Early();
    }

    private long Number()
    {
        var zigzag = Unsigned();
        return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }

    private ulong Unsigned()
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = Next();
            value |= shift < 64 ? (ulong)(part & 127) << shift : 0;
            if (part < 128)
            {
                return value;
            }
        }

        throw new InvalidDataException("its metadata is damaged: a number has no end");
    }

    private static InvalidDataException Early() => new("its metadata is truncated, or a size in it is wrong");

    private static Dictionary<int, string> Fields(params string[] types) => types.Index().ToDictionary(type => type.Index + 1, type => type.Item);
}
