using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// An options record that pipelines cannot bind; the message says which parameter and why.
/// </summary>
internal sealed class UnsupportedOptionException(string message) : Exception(message);

/// <summary>
/// Reads options records of one assembly, and those of the shared assemblies that they mention,
/// from metadata.
/// </summary>
internal sealed class OptionReader(MetadataReader reader)
{
    private const string Annotations = "System.ComponentModel.DataAnnotations.";

    private readonly Dictionary<string, OptionType> known = [];
    private readonly Dictionary<string, OptionReader?> shared = [];

    /// <summary>
    /// The options record that a constructor takes; null if it is of another assembly than this one
    /// and the shared ones.
    /// </summary>
    /// <exception cref="UnsupportedOptionException">A parameter of it has a type or an attribute
    /// that pipelines cannot express.</exception>
    public RecordType? Record(ClrType type) => type.Handle is { IsNil: false, Kind: HandleKind.TypeDefinition } own
        ? Record((TypeDefinitionHandle)own)
        : Elsewhere(type) is var (reader, handle) ? reader.Record(handle) : null;

    /// <summary>The record's options: the parameters of its one public constructor.</summary>
    /// <exception cref="UnsupportedOptionException">A parameter has a type or an attribute that
    /// pipelines cannot express.</exception>
    public RecordType Record(TypeDefinitionHandle handle)
    {
        var name = ClrTypes.NameOf(reader, handle);
        if (known.TryGetValue(name, out var found))
        {
            return found as RecordType ?? throw new UnsupportedOptionException($"{name} is not a plain record");
        }

        var record = ShortForm(handle) is { } form
            ? new RecordType(name) { ListFormOption = form.Text(0), NumberFormOption = form.Text(1) }
            : new RecordType(name);
        known.Add(name, record);
        record.Options = Parameters(handle, name, first: 0);
        return record;
    }

    /// <summary>The handle of a type of this assembly; nil without one.</summary>
    public TypeDefinitionHandle Definition(string fullName)
    {
        foreach (var handle in reader.TypeDefinitions)
        {
            if (ClrTypes.NameOf(reader, handle) == fullName)
            {
                return handle;
            }
        }

        return default;
    }

    /// <summary>The one public constructor of a class.</summary>
    /// <exception cref="UnsupportedOptionException">There is none, or there are
    /// several.</exception>
    public MethodDefinition Constructor(TypeDefinitionHandle handle)
    {
        var (found, count) = (default(MethodDefinition), 0);
        foreach (var methodHandle in reader.GetTypeDefinition(handle).GetMethods())
        {
            var method = reader.GetMethodDefinition(methodHandle);
            if ((method.Attributes & (MethodAttributes.MemberAccessMask | MethodAttributes.Static)) == MethodAttributes.Public
                && reader.StringComparer.Equals(method.Name, ".ctor"))
            {
                (found, count) = (method, count + 1);
            }
        }

        return count == 1 ? found : throw new UnsupportedOptionException($"{ClrTypes.NameOf(reader, handle)} has {count} public constructors; exactly one is expected");
    }

    /// <summary>The options of a constructor's parameters, from a position on.</summary>
    private List<OptionDescription> Parameters(TypeDefinitionHandle handle, string record, int first)
    {
        var constructor = Constructor(handle);
        var types = constructor.DecodeSignature(ClrTypes.Instance, null).ParameterTypes;
        var options = new List<OptionDescription>();
        foreach (var parameterHandle in constructor.GetParameters())
        {
            var parameter = reader.GetParameter(parameterHandle);
            if (parameter.SequenceNumber > first)
            {
                options.Add(Option(parameter, types[parameter.SequenceNumber - 1], record));
            }
        }

        var twice = options.Find(o => options.Find(other => other.Name == o.Name) != o)?.Name;
        return twice is null ? options : throw new UnsupportedOptionException($"{record} has two parameters that are both '{twice}' in JSON");
    }

    private OptionDescription Option(Parameter parameter, ClrType clrType, string record)
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(reader.GetString(parameter.Name));
        var attributes = parameter.GetCustomAttributes();
        try
        {
            var inner = clrType.ArgumentOf("System.Nullable`1");
            var type = Section(attributes, clrType) ?? TypeOf(inner ?? clrType);
            var hasDefault = parameter.Attributes.HasFlag(ParameterAttributes.HasDefault);
            var value = hasDefault ? Default(attributes, parameter, type) : null;
            var range = Range(attributes);
            if (value is NumberNode number && range?.Contains(number.Value) == false)
            {
                throw new UnsupportedOptionException($"its default {number.Text} is outside its [Range] {range.Text}");
            }

            return new OptionDescription
            {
                Name = name,
                Description = reader.Description(attributes),
                Type = type,
                Range = range,
                IsRequired = !hasDefault,
                IsNullable = inner is not null || value is NullNode,
                NamesFile = type is TextType && reader.Attributes(attributes, typeof(NamesFileAttribute).FullName!).Any(),
                OtherNames = OtherNames(attributes),
                Hint = Hint(attributes),
                Default = value,
            };
        }
        catch (UnsupportedOptionException unsupported)
        {
            throw new UnsupportedOptionException($"option '{name}' of {record}: {unsupported.Message}");
        }
    }

    private string? Hint(CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in reader.Attributes(attributes, typeof(HintAttribute).FullName!))
        {
            return attribute.Text(0);
        }

        return null;
    }

    private List<string> OtherNames(CustomAttributeHandleCollection attributes)
    {
        var names = new List<string>();
        foreach (var attribute in reader.Attributes(attributes, typeof(AlsoKnownAsAttribute).FullName!))
        {
            foreach (var name in (ImmutableArray<CustomAttributeTypedArgument<ClrType>>)attribute.FixedArguments[0].Value!)
            {
                names.Add((string)name.Value!);
            }
        }

        return names;
    }

    // Only this assembly's own settings have short forms.
    private CustomAttributeValue<ClrType>? ShortForm(TypeDefinitionHandle handle)
    {
        foreach (var attribute in reader.Attributes(reader.GetTypeDefinition(handle).GetCustomAttributes(), typeof(ShortFormAttribute).FullName!))
        {
            return attribute;
        }

        return null;
    }

    private OptionType TypeOf(ClrType type)
    {
        if (type.ValueOfMap is { } value)
        {
            return new MapType(TypeOf(value));
        }

        if (type.ArgumentOf("System.Collections.Generic.IReadOnlyList`1") is { } element)
        {
            return new ListType(TypeOf(element));
        }

        return type.Name switch
        {
            "System.Boolean" => new BooleanType(),
            "System.Int32" => new IntegerType(int.MinValue, int.MaxValue),
            "System.Int64" => new IntegerType(long.MinValue, long.MaxValue),
            "System.Double" => new NumberType(),
            "System.String" => new TextType(),
            _ when type.Name == typeof(PipelineValue).FullName => new AnyType(),
            _ when type.Handle.Kind == HandleKind.TypeDefinition && !type.Handle.IsNil => Own((TypeDefinitionHandle)type.Handle, type.Name),
            _ when Elsewhere(type) is var (other, handle) => other.Own(handle, type.Name),
            _ => throw new UnsupportedOptionException(
                $"the type {type.Name} cannot be written in a pipeline; allowed are bool, int, long, double, string, enums and records of the same assembly or of the contracts, IReadOnlyList of those, IReadOnlyDictionary of those by string, and nullables"),
        };
    }

    /// <summary>A type of a shared assembly, and who reads it.</summary>
    private (OptionReader Reader, TypeDefinitionHandle Handle)? Elsewhere(ClrType type)
    {
        if (type.Handle.IsNil || type.Handle.Kind != HandleKind.TypeReference
            || reader.GetTypeReference((TypeReferenceHandle)type.Handle).ResolutionScope is not { Kind: HandleKind.AssemblyReference } scope)
        {
            return null;
        }

        var assembly = reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name);
        if (!shared.TryGetValue(assembly, out var other))
        {
            other = Contracts.Metadata(assembly) is { } metadata ? new OptionReader(metadata) : null;
            shared.Add(assembly, other);
        }

        return other?.Definition(type.Name) is { IsNil: false } handle ? (other, handle) : null;
    }

    private OptionType Own(TypeDefinitionHandle handle, string name)
    {
        if (known.TryGetValue(name, out var found))
        {
            return found;
        }

        var definition = reader.GetTypeDefinition(handle);
        if (ClrTypes.NameOf(reader, definition.BaseType) == "System.Enum")
        {
            return known[name] = Choice(definition);
        }

        return definition.Attributes.HasFlag(TypeAttributes.Abstract) ? Variant(definition, name) : Record(handle);
    }

    private ChoiceType Choice(TypeDefinition definition)
    {
        var (choices, values) = (new List<string>(), new List<long>());
        foreach (var handle in definition.GetFields())
        {
            var field = reader.GetFieldDefinition(handle);
            if (field.Attributes.HasFlag(FieldAttributes.Literal))
            {
                choices.Add(JsonNamingPolicy.KebabCaseLower.ConvertName(reader.GetString(field.Name)));
                values.Add(Convert.ToInt64(Constant(field.GetDefaultValue()), CultureInfo.InvariantCulture));
            }
        }

        return new ChoiceType(choices, values);
    }

    private VariantType Variant(TypeDefinition definition, string name)
    {
        var variant = new VariantType(name);
        known.Add(name, variant);
        var branches = new List<VariantBranch>();
        foreach (var attribute in reader.Attributes(definition.GetCustomAttributes(), "System.Text.Json.Serialization.JsonDerivedTypeAttribute"))
        {
            var derived = (attribute.FixedArguments[0].Value as ClrType)?.Name ?? "";
            if (attribute.Text(1) is not { Length: > 0 } word || Definition(derived) is not { IsNil: false } handle)
            {
                throw new UnsupportedOptionException($"[JsonDerivedType] on {name} needs a record of the same assembly and a string; it has '{derived}' and '{attribute.Text(1)}'");
            }

            var record = Record(handle);
            if (record.Find(Merge.TypeKey) is not null || branches.Any(b => b.Word == word))
            {
                throw new UnsupportedOptionException($"{derived} must not have an option 'type', and its word '{word}' must be the only one on {name}");
            }

            branches.Add(new VariantBranch(word, record, derived));
        }

        variant.Branches = branches;
        return branches.Count > 0 ? variant : throw new UnsupportedOptionException($"{name} is abstract and has no [JsonDerivedType]");
    }

    /// <summary>
    /// Only this assembly's own settings hold plugins; they say so with
    /// <see cref="SectionAttribute"/>.
    /// </summary>
    private OptionType? Section(CustomAttributeHandleCollection attributes, ClrType type)
    {
        foreach (var attribute in reader.Attributes(attributes, typeof(SectionAttribute).FullName!))
        {
            var kind = (PluginKind)(int)attribute.FixedArguments[0].Value!;
            var element = type.ArgumentOf("System.Collections.Generic.IReadOnlyList`1");
            if (element is not null)
            {
                return new ListType(new SectionType(kind, common: null));
            }

            return new SectionType(kind, type.Name == typeof(PluginSection).FullName ? null : CommonOptions((TypeDefinitionHandle)type.Handle));
        }

        return null;
    }

    /// <summary>The settings beside the plugin itself, which is the first parameter.</summary>
    private RecordType CommonOptions(TypeDefinitionHandle handle)
    {
        var name = ClrTypes.NameOf(reader, handle);
        return new RecordType(name) { Options = Parameters(handle, name, first: 1) };
    }

    private NumberRange? Range(CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in reader.Attributes(attributes, Annotations + "RangeAttribute"))
        {
            var range = new NumberRange(
                Bound(attribute, fromEnd: 2), Bound(attribute, fromEnd: 1), attribute.Flag("MinimumIsExclusive"), attribute.Flag("MaximumIsExclusive"));
            return range.Minimum <= range.Maximum ? range : throw new UnsupportedOptionException($"its [Range] {range.Text} is empty");
        }

        return null;
    }

    private static double Bound(CustomAttributeValue<ClrType> range, int fromEnd) =>
        Convert.ToDouble(range.FixedArguments[range.FixedArguments.Length - fromEnd].Value, CultureInfo.InvariantCulture);

    private Node Default(CustomAttributeHandleCollection attributes, Parameter parameter, OptionType type)
    {
        var handle = parameter.GetDefaultValue();
        if (handle.IsNil)
        {
            throw new UnsupportedOptionException("its default is not a constant");
        }

        var value = Constant(handle);
        return (value, type) switch
        {
            (null, _) => DefaultOfNull(attributes, type),
            (_, ChoiceType choice) => new TextNode(Origin.Default, Word(choice, Convert.ToInt64(value, CultureInfo.InvariantCulture))),
            (bool boolean, _) => new BooleanNode(Origin.Default, boolean),
            (string text, _) => new TextNode(Origin.Default, text),
            (double number, _) when double.IsFinite(number) => new NumberNode(Origin.Default, number + 0.0),
            (int or long, _) => new NumberNode(Origin.Default, Convert.ToInt64(value, CultureInfo.InvariantCulture)),
            _ => throw new UnsupportedOptionException($"its default {value} cannot be written in JSON"),
        };
    }

    private static string Word(ChoiceType choice, long value)
    {
        var index = choice.Values.ToList().IndexOf(value);
        return index >= 0 ? choice.Choices[index] : throw new UnsupportedOptionException($"its default {value} is no member of its enum");
    }

    private Node DefaultOfNull(CustomAttributeHandleCollection attributes, OptionType type)
    {
        foreach (var _ in reader.Attributes(attributes, typeof(EmptyByDefaultAttribute).FullName!))
        {
            return type is ListType ? new ArrayNode(Origin.Default, []) : new ObjectNode(Origin.Default);
        }

        foreach (var section in reader.Attributes(attributes, typeof(SectionAttribute).FullName!))
        {
            if (section.Text(1) is { } plugin)
            {
                return new ObjectNode(Origin.Default) { [Merge.TypeKey] = new TextNode(Origin.Default, plugin) };
            }
        }

        return new NullNode(Origin.Default);
    }

    private object? Constant(ConstantHandle handle)
    {
        var constant = reader.GetConstant(handle);
        return reader.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode);
    }
}
