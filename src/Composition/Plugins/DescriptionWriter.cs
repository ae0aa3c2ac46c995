using System.Buffers.Binary;
using System.Text;

namespace Orchestrator.Composition;

/// <summary>What stands before a value in written descriptions.</summary>
internal enum DescriptionTag : byte
{
    Null,
    Boolean,
    Integer,
    Number,
    Text,
    Choice,
    List,
    Map,
    Any,
    Record,
    Variant,
    Section,

    /// <summary>
    /// A record or variant that was written before, by its number: types may hold themselves.
    /// </summary>
    Known,
    EmptyList,
    Object,
}

/// <summary>
/// Writes descriptions of plugins and of options, for <see cref="DescriptionReader"/>: what reading
/// metadata found, so that it need not be read again.
/// </summary>
internal sealed class DescriptionWriter
{
    private readonly MemoryStream bytes = new();
    private readonly List<OptionType> known = [];

    public byte[] ToArray() => bytes.ToArray();

    /// <summary>Plugins of one folder.</summary>
    public DescriptionWriter Plugins(IReadOnlyList<PluginDescription> plugins, string folder)
    {
        Whole(plugins.Count);
        foreach (var plugin in plugins)
        {
            Whole((int)plugin.Kind);
            Text(plugin.Name);
            Text(plugin.Description);
            Text(plugin.TypeName);
            Text(Path.GetRelativePath(folder, plugin.File));
            Text(plugin.Version.ToString());
            Type(plugin.Options);
        }

        return this;
    }

    public DescriptionWriter Type(OptionType type)
    {
        if (known.IndexOf(type) is >= 0 and var number)
        {
            Tag(DescriptionTag.Known);
            Whole(number);
            return this;
        }

        switch (type)
        {
            case BooleanType:
                Tag(DescriptionTag.Boolean);
                break;
            case IntegerType integer:
                Tag(DescriptionTag.Integer);
                Whole(integer.Minimum);
                Whole(integer.Maximum);
                break;
            case NumberType:
                Tag(DescriptionTag.Number);
                break;
            case TextType:
                Tag(DescriptionTag.Text);
                break;
            case AnyType:
                Tag(DescriptionTag.Any);
                break;
            case ChoiceType choice:
                Tag(DescriptionTag.Choice);
                Whole(choice.Choices.Count);
                for (var i = 0; i < choice.Choices.Count; i++)
                {
                    Text(choice.Choices[i]);
                    Whole(choice.Values[i]);
                }

                break;
            case ListType list:
                Tag(DescriptionTag.List);
                Type(list.Element);
                break;
            case MapType map:
                Tag(DescriptionTag.Map);
                Type(map.Element);
                break;
            case SectionType section:
                Tag(DescriptionTag.Section);
                Whole((int)section.Kind);
                TypeOrNull(section.Common);
                break;
            case RecordType record:
                known.Add(record);
                Tag(DescriptionTag.Record);
                Text(record.Name);
                TextOrNull(record.ListFormOption);
                TextOrNull(record.NumberFormOption);
                Options(record.Options);
                break;
            case VariantType variant:
                known.Add(variant);
                Tag(DescriptionTag.Variant);
                Text(variant.Name);
                Whole(variant.Branches.Count);
                foreach (var branch in variant.Branches)
                {
                    Text(branch.Word);
                    Text(branch.ClassName);
                    Type(branch.Options);
                }

                break;
            default:
                throw new NotSupportedException($"{type.GetType().Name} cannot be written.");
        }

        return this;
    }

    private void Options(IReadOnlyList<OptionDescription> options)
    {
        Whole(options.Count);
        foreach (var option in options)
        {
            Text(option.Name);
            Text(option.Description);
            Type(option.Type);
            Flag(option.Range is not null);
            if (option.Range is { } range)
            {
                Whole(BitConverter.DoubleToInt64Bits(range.Minimum));
                Whole(BitConverter.DoubleToInt64Bits(range.Maximum));
                Flag(range.MinimumIsExclusive);
                Flag(range.MaximumIsExclusive);
            }

            Flag(option.IsRequired);
            Flag(option.IsNullable);
            Flag(option.NamesFile);
            TextOrNull(option.Hint);
            Whole(option.OtherNames.Count);
            foreach (var name in option.OtherNames)
            {
                Text(name);
            }

            Flag(option.Default is not null);
            if (option.Default is { } value)
            {
                Value(value);
            }
        }
    }

    // What a default can be.
    private void Value(Node node)
    {
        switch (node)
        {
            case NullNode:
                Tag(DescriptionTag.Null);
                break;
            case BooleanNode boolean:
                Tag(DescriptionTag.Boolean);
                Flag(boolean.Value);
                break;
            case NumberNode number:
                Tag(DescriptionTag.Number);
                Text(number.Text);
                break;
            case TextNode text:
                Tag(DescriptionTag.Text);
                Text(text.Value);
                break;
            case ArrayNode { Elements.Count: 0 }:
                Tag(DescriptionTag.EmptyList);
                break;
            case ObjectNode record:
                Tag(DescriptionTag.Object);
                Whole(record.Members.Count);
                foreach (var (name, value) in record.Members)
                {
                    Text(name);
                    Value(value);
                }

                break;
            default:
                throw new NotSupportedException($"A default that is {node.Noun} cannot be written.");
        }
    }

    private void TypeOrNull(OptionType? type)
    {
        Flag(type is not null);
        if (type is not null)
        {
            Type(type);
        }
    }

    private void TextOrNull(string? text)
    {
        Flag(text is not null);
        if (text is not null)
        {
            Text(text);
        }
    }

    private void Tag(DescriptionTag tag) => bytes.WriteByte((byte)tag);

    private void Flag(bool flag) => bytes.WriteByte(flag ? (byte)1 : (byte)0);

    private void Text(string text)
    {
        Whole(Encoding.UTF8.GetByteCount(text));
        bytes.Write(Encoding.UTF8.GetBytes(text));
    }

    private void Whole(long value)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(eight, value);
        bytes.Write(eight);
    }
}
