using System.Text.Json.Nodes;

namespace Orchestrator.Composition;

/// <summary>Writes option types as JSON schema.</summary>
/// <param name="catalog">The plugins.</param>
/// <param name="definitions">Where named parts go, once each.</param>
/// <param name="whole">Null where objects must have all that is required. Otherwise they may leave
/// anything out, except in lists, which replace the base's: those are written by this one.</param>
internal sealed class SchemaWriter(PluginCatalog catalog, IDictionary<string, JsonNode?> definitions, SchemaWriter? whole)
{
    private readonly bool isPartial = whole is not null;
    private readonly Dictionary<OptionType, string> names = [];

    /// <summary>An object with these options and no others.</summary>
    public JsonObject Object(IEnumerable<OptionDescription> options)
    {
        var (properties, required) = (new JsonObject(), new JsonArray());
        foreach (var option in options)
        {
            properties[option.Name] = Option(option);
            if (option.IsRequired && !isPartial)
            {
                required.Add(option.Name);
            }
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        return schema;
    }

    private JsonObject Option(OptionDescription option)
    {
        var schema = Value(option.Type, option.Range, option.IsNullable);
        if (schema.ContainsKey("$ref"))
        {
            schema = new JsonObject { ["allOf"] = new JsonArray(schema) };
        }

        schema.Insert(0, "description", option.Description);
        if (option.DefaultJson is { } value)
        {
            schema["default"] = JsonNode.Parse(value);
        }

        return schema;
    }

    private JsonObject Value(OptionType type, NumberRange? range, bool isNullable)
    {
        var schema = type switch
        {
            BooleanType => Typed("boolean"),
            TextType => Typed("string"),
            ChoiceType choice => new JsonObject { ["enum"] = Words(choice.Choices) },
            IntegerType integer => Bounded(Typed("integer"), range ?? new NumberRange(integer.Minimum, integer.Maximum, false, false)),
            NumberType => Bounded(Typed("number"), range),
            ListType list => new JsonObject { ["type"] = "array", ["items"] = (whole ?? this).Value(list.Element, range, isNullable: false) },
            MapType map => new JsonObject { ["type"] = "object", ["additionalProperties"] = Value(map.Element, range, isNullable: false) },
            AnyType => [],
            RecordType record => Defined(record, Short(record.Name), _ => Record(record)),
            VariantType variant => Defined(variant, Short(variant.Name), name => Variant(variant, name)),
            SectionType section => Defined(section, section.Kind.Name, _ => Section(section)),
            _ => throw new InvalidOperationException($"{type.Text} has no schema."),
        };
        return isNullable ? OrNull(schema) : schema;
    }

    // The object, or what may be written in its place.
    private JsonObject Record(RecordType record)
    {
        var forms = new[] { record.NumberForm, record.ListForm }.Where(form => form is not null).Select(form => (JsonNode)Value(form!.Type, form.Range, isNullable: false)).ToList();
        return forms.Count == 0 ? Object(record.Options) : new JsonObject { ["anyOf"] = new JsonArray([.. forms, Object(record.Options)]) };
    }

    private JsonObject Section(SectionType section) => Choice(
        [.. catalog.Of(section.Kind).Select(p => new Branch(p.Name, p.Description, $"{section.Kind.Name}.{p.Name}", [.. p.Options.Options, .. section.Common?.Options ?? []]))],
        $"Name of the {section.Kind.Name}.");

    private JsonObject Variant(VariantType variant, string name) => Choice(
        [.. variant.Branches.Select(b => new Branch(b.Word, "", $"{name}.{b.Word}", b.Options.Options))], "What this is.");

    /// <summary>
    /// An object whose type selects its other keys, or a string as the short form of one without
    /// other keys.
    /// </summary>
    private JsonObject Choice(IReadOnlyList<Branch> branches, string description)
    {
        var shortWords = Words(branches.Where(b => isPartial || !b.Options.Any(o => o.IsRequired)).Select(b => b.Word));
        var rules = new JsonArray(When(Typed("string"), shortWords.Count == 0 ? new JsonObject { ["type"] = "object" } : new JsonObject { ["enum"] = shortWords }));
        foreach (var branch in branches)
        {
            Define(branch.Definition, () => BranchObject(branch));
            rules.Add(When(HasType(branch.Word), Reference(branch.Definition)));
        }

        var type = new JsonObject { ["description"] = description };
        if (branches.Count > 0)
        {
            type["enum"] = Words(branches.Select(b => b.Word));
        }

        if (branches.Any(b => b.Description.Length > 0))
        {
            type["enumDescriptions"] = Words(branches.Select(b => b.Description));
        }

        var schema = new JsonObject { ["type"] = new JsonArray("object", "string"), ["properties"] = new JsonObject { [Merge.TypeKey] = type } };
        if (isPartial)
        {
            schema["propertyNames"] = new JsonObject { ["enum"] = Words(branches.SelectMany(b => b.Options).Select(o => o.Name).Prepend(Merge.TypeKey).Distinct()) };
        }
        else
        {
            schema["required"] = new JsonArray(Merge.TypeKey);
        }

        schema["allOf"] = rules;
        return schema;
    }

    private JsonObject BranchObject(Branch branch)
    {
        var schema = Object(branch.Options);
        ((JsonObject)schema["properties"]!).Insert(0, Merge.TypeKey, new JsonObject { ["const"] = branch.Word });
        if (branch.Description.Length > 0)
        {
            schema.Insert(0, "description", branch.Description);
        }

        return schema;
    }

    /// <summary>
    /// A reference to a type's definition, which is written when it is first asked for; types may
    /// contain themselves.
    /// </summary>
    private JsonObject Defined(OptionType type, string name, Func<string, JsonObject> write)
    {
        if (!names.TryGetValue(type, out var known))
        {
            names.Add(type, known = Free(name, type));
            Define(known, () => write(known));
        }

        return Reference(known);
    }

    private void Define(string name, Func<JsonObject> write)
    {
        if (!definitions.ContainsKey(Key(name)))
        {
            definitions.Add(Key(name), null);
            definitions[Key(name)] = write();
        }
    }

    /// <summary>
    /// Records of two plugins may have one name; sections of one kind are one type.
    /// </summary>
    private string Free(string name, OptionType type)
    {
        var free = name;
        for (var i = 2; type is not SectionType && names.ContainsValue(free); i++)
        {
            free = $"{name}-{i}";
        }

        return free;
    }

    private JsonObject Reference(string name) => new() { ["$ref"] = "#/definitions/" + Key(name) };

    private string Key(string name) => isPartial ? "partial." + name : name;

    private static string Short(string className) => className[(className.LastIndexOfAny(['.', '+']) + 1)..];

    private static JsonObject Typed(string type) => new() { ["type"] = type };

    private static JsonObject When(JsonObject condition, JsonObject then) => new() { ["if"] = condition, ["then"] = then };

    private static JsonObject HasType(string word) => new()
    {
        ["properties"] = new JsonObject { [Merge.TypeKey] = new JsonObject { ["const"] = word } },
        ["required"] = new JsonArray(Merge.TypeKey),
        ["type"] = "object",
    };

    private static JsonArray Words(IEnumerable<string> words) => [.. words.Select(w => (JsonNode)w)];

    private static JsonObject Bounded(JsonObject schema, NumberRange? range)
    {
        if (range is not null && double.IsFinite(range.Minimum))
        {
            schema[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = range.Minimum;
        }

        if (range is not null && double.IsFinite(range.Maximum))
        {
            schema[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = range.Maximum;
        }

        return schema;
    }

    private static JsonObject OrNull(JsonObject schema)
    {
        switch (schema["type"])
        {
            case JsonValue type:
                schema["type"] = new JsonArray(type.DeepClone(), "null");
                return schema;
            default:
                return new JsonObject { ["anyOf"] = new JsonArray(schema, Typed("null")) };
        }
    }

    private sealed record Branch(string Word, string Description, string Definition, IReadOnlyList<OptionDescription> Options);
}
