using System.Buffers.Binary;
using System.Text;

namespace Orchestrator.Composition;

/// <summary>
/// Reads what <see cref="DescriptionWriter"/> wrote. It runs at every start, before anything is
/// compiled: plain loops, and no generic code over values, each of which would be compiled anew.
/// </summary>
/// <exception cref="InvalidDataException">It is something else.</exception>
internal sealed class DescriptionReader(byte[] bytes)
{
    private readonly List<OptionType> known = [];
    private int position;

    /// <summary>Plugins of a folder.</summary>
    public List<PluginDescription> Plugins(string folder)
    {
        var plugins = new List<PluginDescription>();
        for (var left = Count(); left > 0; left--)
        {
            var kind = (PluginKind)(int)Whole();
            var (name, description, typeName, file, version) = (Text(), Text(), Text(), Text(), Text());
            plugins.Add(new PluginDescription(kind, name, description, Record(), typeName, Path.Combine(folder, file), folder, new Version(version)));
        }

        return AtEnd(plugins);
    }

    /// <summary>One record, and nothing behind it.</summary>
    public RecordType Document() => AtEnd(Record());

    private RecordType Record() => Type() as RecordType ?? throw Broken();

    private OptionType Type()
    {
        switch ((DescriptionTag)Byte())
        {
            case DescriptionTag.Known:
                return known[(int)Whole()];
            case DescriptionTag.Boolean:
                return new BooleanType();
            case DescriptionTag.Integer:
                return new IntegerType(Whole(), Whole());
            case DescriptionTag.Number:
                return new NumberType();
            case DescriptionTag.Text:
                return new TextType();
            case DescriptionTag.Any:
                return new AnyType();
            case DescriptionTag.Choice:
                return Choice();
            case DescriptionTag.List:
                return new ListType(Type());
            case DescriptionTag.Map:
                return new MapType(Type());
            case DescriptionTag.Section:
                var kind = (PluginKind)(int)Whole();
                return new SectionType(kind, Flag() ? Record() : null);
            case DescriptionTag.Record:
                var (name, list, number) = (Text(), TextOrNull(), TextOrNull());
                var record = new RecordType(name) { ListFormOption = list, NumberFormOption = number };
                known.Add(record);
                record.Options = Options();
                return record;
            case DescriptionTag.Variant:
                return Variant();
            default:
                throw Broken();
        }
    }

    private ChoiceType Choice()
    {
        var count = Count();
        var (choices, values) = (new string[count], new long[count]);
        for (var i = 0; i < count; i++)
        {
            choices[i] = Text();
            values[i] = Whole();
        }

        return new ChoiceType(choices, values);
    }

    private VariantType Variant()
    {
        var variant = new VariantType(Text());
        known.Add(variant);
        var branches = new VariantBranch[Count()];
        variant.Branches = branches;
        for (var i = 0; i < branches.Length; i++)
        {
            var (word, className) = (Text(), Text());
            branches[i] = new VariantBranch(word, Record(), className);
        }

        return variant;
    }

    private OptionDescription[] Options()
    {
        var options = new OptionDescription[Count()];
        for (var i = 0; i < options.Length; i++)
        {
            var (name, description, type) = (Text(), Text(), Type());
            var range = Flag() ? new NumberRange(BitConverter.Int64BitsToDouble(Whole()), BitConverter.Int64BitsToDouble(Whole()), Flag(), Flag()) : null;
            options[i] = new OptionDescription
            {
                Name = name,
                Description = description,
                Type = type,
                Range = range,
                IsRequired = Flag(),
                IsNullable = Flag(),
                NamesFile = Flag(),
                Hint = TextOrNull(),
                OtherNames = Texts(),
                Default = Flag() ? Value() : null,
            };
        }

        return options;
    }

    private string[] Texts()
    {
        var texts = new string[Count()];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Text();
        }

        return texts;
    }

    private Node Value()
    {
        switch ((DescriptionTag)Byte())
        {
            case DescriptionTag.Null:
                return new NullNode(Origin.Default);
            case DescriptionTag.Boolean:
                return new BooleanNode(Origin.Default, Flag());
            case DescriptionTag.Number:
                return new NumberNode(Origin.Default, Text());
            case DescriptionTag.Text:
                return new TextNode(Origin.Default, Text());
            case DescriptionTag.EmptyList:
                return new ArrayNode(Origin.Default, []);
            case DescriptionTag.Object:
                var node = new ObjectNode(Origin.Default);
                for (var left = Count(); left > 0; left--)
                {
                    node[Text()] = Value();
                }

                return node;
            default:
                throw Broken();
        }
    }

    private string? TextOrNull() => Flag() ? Text() : null;

    private string Text()
    {
        var length = Count();
        var text = Encoding.UTF8.GetString(bytes, position, length);
        position += length;
        return text;
    }

    private bool Flag() => Byte() != 0;

    private byte Byte() => bytes[position++];

    private long Whole()
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(position));
        position += sizeof(long);
        return value;
    }

    // Nothing that is counted takes less than a byte.
    private int Count() => Whole() is >= 0 and var count && count <= bytes.Length - position ? (int)count : throw Broken();

    private T AtEnd<T>(T read) => position == bytes.Length ? read : throw Broken();

    private static InvalidDataException Broken() => new("These are no descriptions.");
}
