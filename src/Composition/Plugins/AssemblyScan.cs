using System.Reflection;
using System.Reflection.Metadata;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>Finds the plugins in one assembly by its metadata.</summary>
internal sealed class AssemblyScan(AssemblyImage image, string folder, List<PluginDescription> plugins, List<PluginProblem> problems)
{
    private const int LongestName = 64;
    private const int DeepestAncestry = 100;

    /// <summary>Adds what the assembly holds.</summary>
    public void Run()
    {
        var (reader, options) = (image.Reader, new OptionReader(image.Reader));
        foreach (var handle in reader.TypeDefinitions)
        {
            foreach (var attribute in reader.Attributes(reader.GetTypeDefinition(handle).GetCustomAttributes(), typeof(PluginAttribute).FullName!))
            {
                Class(reader, options, handle, attribute.Text(0) ?? "");
            }
        }
    }

    private void Class(MetadataReader reader, OptionReader options, TypeDefinitionHandle handle, string name)
    {
        var definition = reader.GetTypeDefinition(handle);
        var typeName = ClrTypes.NameOf(reader, handle);
        var kinds = new SortedSet<string>(StringComparer.Ordinal);
        ContractsOf(reader, definition, kinds);
        var kind = kinds.Count == 1 ? PluginKinds.FromContract(kinds.Min!) : null;
        if ((ClassCause(definition, name) ?? KindCause(kinds)) is { } cause)
        {
            Refuse(cause);
            return;
        }

        try
        {
            var record = Options(reader, options, handle);
            if (Reserved(kind!.Value).FirstOrDefault(k => record.Find(k) is not null) is { } reserved)
            {
                Refuse($"its option '{reserved}' has the name of a key that every {kind.Value.Name} section has");
                return;
            }

            var description = reader.Description(definition.GetCustomAttributes());
            var version = reader.GetAssemblyDefinition().Version;
            plugins.Add(new PluginDescription(kind.Value, name, description, record, typeName, image.File, folder, version));
        }
        catch (UnsupportedOptionException unsupported)
        {
            Refuse(unsupported.Message);
        }

        void Refuse(string why) =>
            problems.Add(new PluginProblem(image.File, $"plugin {Mistakes.Quote(name)} ({typeName}): {why}") { Kind = kind, Name = name });
    }

    private static string? ClassCause(TypeDefinition definition, string name)
    {
        if (name.Length > LongestName || !IsKebabCase(name))
        {
            return $"its name is not kebab-case with at most {LongestName} characters, such as 'gap-aware'";
        }

        return definition.Attributes.HasFlag(TypeAttributes.Abstract) ? "the class is abstract or static"
            : definition.GetGenericParameters().Count > 0 ? "the class is generic" : null;
    }

    private static bool IsKebabCase(string name) =>
        name.Length > 0 && char.IsAsciiLetterLower(name[0]) && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal)
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static string? KindCause(SortedSet<string> kinds) => kinds.Count switch
    {
        0 => "the class implements no contract (itself or through base classes of its assembly); one of "
            + string.Join(", ", PluginKinds.All.Select(k => k.Contract.Name)) + " is expected",
        1 => null,
        _ => $"the class implements {string.Join(" and ", kinds.Select(k => k[(k.LastIndexOf('.') + 1)..]))}; exactly one contract is expected",
    };

    private static void ContractsOf(MetadataReader reader, TypeDefinition definition, SortedSet<string> kinds, int depth = 0)
    {
        if (depth > DeepestAncestry)
        {
            throw new BadImageFormatException("a class is its own ancestor");
        }

        foreach (var handle in definition.GetInterfaceImplementations())
        {
            ContractsOf(reader, reader.GetInterfaceImplementation(handle).Interface, kinds, depth);
        }

        ContractsOf(reader, definition.BaseType, kinds, depth);
    }

    private static void ContractsOf(MetadataReader reader, EntityHandle parent, SortedSet<string> kinds, int depth)
    {
        if (parent.IsNil)
        {
            return;
        }

        if (parent.Kind == HandleKind.TypeDefinition)
        {
            ContractsOf(reader, reader.GetTypeDefinition((TypeDefinitionHandle)parent), kinds, depth + 1);
        }
        else if (PluginKinds.FromContract(ClrTypes.NameOf(reader, parent)) is { } kind)
        {
            kinds.Add(kind.Contract.FullName!);
        }
    }

    private static RecordType Options(MetadataReader reader, OptionReader options, TypeDefinitionHandle handle)
    {
        var types = options.Constructor(handle).DecodeSignature(ClrTypes.Instance, null).ParameterTypes;
        return types.Length switch
        {
            0 => new RecordType(""),
            1 => options.Record(types[0]) ?? throw new UnsupportedOptionException(
                $"the constructor takes {types[0].Name}; it takes nothing or one options record of the same assembly or of the contracts"),
            _ => throw new UnsupportedOptionException($"the constructor has {types.Length} parameters; it takes nothing or one options record"),
        };
    }

    private static IEnumerable<string> Reserved(PluginKind kind) =>
        kind == PluginKind.Optimizer ? DocumentType.CommonKeys(DocumentType.OptimizerKey) : [Merge.TypeKey];
}
