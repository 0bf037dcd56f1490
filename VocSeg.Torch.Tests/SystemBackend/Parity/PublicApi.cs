using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace VocSeg.Torch.Tests.SystemBackend.Parity;

/// <summary>
/// The public API of an assembly as lines of text, one a type, base, interface or member: what code that compiles against it can see,
/// names and default values of parameters included.
/// </summary>
internal sealed class PublicApi(MetadataReader metadata) : ISignatureTypeProvider<string, PublicApi.TypeParameters>
{
    internal sealed record TypeParameters(ImmutableArray<string> OfType, ImmutableArray<string> OfMethod);

    internal static IReadOnlySet<string> Of(string assemblyPath)
    {
        using var file = File.OpenRead(assemblyPath);
        using var image = new PEReader(file);
        return new PublicApi(image.GetMetadataReader()).Lines();
    }

    private SortedSet<string> Lines()
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var handle in metadata.TypeDefinitions.Where(IsVisible))
        {
            var type = metadata.GetTypeDefinition(handle);
            var scope = new TypeParameters(Names(type.GetGenericParameters()), []);
            var name = NameOf(handle);
            lines.UnionWith(HeadLines(type, name, scope));
            lines.UnionWith(type.GetFields().Select(metadata.GetFieldDefinition).Where(field => IsVisible(field.Attributes & FieldAttributes.FieldAccessMask))
                .Select(field => FieldLine(field, name, scope)).Where(line => !line.Contains(".value__ :", StringComparison.Ordinal)));
            lines.UnionWith(type.GetMethods().Select(metadata.GetMethodDefinition).Where(method => IsVisible((FieldAttributes)(method.Attributes & MethodAttributes.MemberAccessMask)))
                .Where(method => metadata.GetString(method.Name) is not (".cctor" or "Finalize")).Select(method => MethodLine(method, type, name, scope)));
        }
        return lines;
    }

    private IEnumerable<string> HeadLines(TypeDefinition type, string name, TypeParameters scope)
    {
        var @base = type.BaseType.IsNil ? "" : NameOf(type.BaseType, scope);
        var isStatic = (type.Attributes & (TypeAttributes.Abstract | TypeAttributes.Sealed)) == (TypeAttributes.Abstract | TypeAttributes.Sealed);
        var kind = (type.Attributes & TypeAttributes.Interface) != 0 ? "interface" : @base == "System.Enum" ? "enum" : "type";
        yield return $"{(isStatic ? "static " : "")}{kind} {name}{Generics(scope.OfType)}";
        if (kind == "type" && !isStatic && @base is not ("" or "System.Object"))
            yield return $"{name} extends {@base}";
        foreach (var implemented in type.GetInterfaceImplementations())
            yield return $"{name} implements {NameOf(metadata.GetInterfaceImplementation(implemented).Interface, scope)}";
    }

    private string FieldLine(FieldDefinition field, string type, TypeParameters scope)
    {
        var value = field.GetDefaultValue().IsNil ? "" : " = " + Constant(field.GetDefaultValue());
        var isStatic = (field.Attributes & FieldAttributes.Static) != 0 ? "static " : "";
        return $"{Access(field.Attributes & FieldAttributes.FieldAccessMask)}{isStatic}field {type}.{metadata.GetString(field.Name)} : {field.DecodeSignature(this, scope)}{value}";
    }

    private string MethodLine(MethodDefinition method, TypeDefinition type, string typeName, TypeParameters scope)
    {
        var inner = scope with { OfMethod = Names(method.GetGenericParameters()) };
        var signature = method.DecodeSignature(this, inner);
        var named = method.GetParameters().Select(metadata.GetParameter).Where(parameter => parameter.SequenceNumber > 0).ToDictionary(parameter => parameter.SequenceNumber - 1);
        var parameters = signature.ParameterTypes.Select((parameter, position) => named.TryGetValue(position, out var about) ? ParameterText(parameter, about) : parameter);
        var isStatic = (method.Attributes & MethodAttributes.Static) != 0 ? "static " : "";
        var canOverride = (method.Attributes & (MethodAttributes.Virtual | MethodAttributes.Final)) == MethodAttributes.Virtual
            && (type.Attributes & (TypeAttributes.Sealed | TypeAttributes.Interface)) == 0;
        return $"{Access((FieldAttributes)(method.Attributes & MethodAttributes.MemberAccessMask))}{isStatic}{(canOverride ? "virtual " : "")}"
            + $"{typeName}.{metadata.GetString(method.Name)}{Generics(inner.OfMethod)}({string.Join(", ", parameters)}) : {signature.ReturnType}";
    }

    private string ParameterText(string type, Parameter about)
    {
        if (type.EndsWith('&'))
            type = ((about.Attributes & ParameterAttributes.Out) != 0 ? "out " : (about.Attributes & ParameterAttributes.In) != 0 ? "in " : "ref ") + type[..^1];
        if (about.GetCustomAttributes().Any(IsParams))
            type = "params " + type;
        var standard = (about.Attributes & ParameterAttributes.Optional) == 0 ? ""
            : about.GetDefaultValue().IsNil ? " = default" : " = " + Constant(about.GetDefaultValue());
        return $"{type} {metadata.GetString(about.Name)}{standard}";
    }

    private bool IsParams(CustomAttributeHandle handle) =>
        metadata.GetCustomAttribute(handle).Constructor is { Kind: HandleKind.MemberReference } constructor
        && metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent is { Kind: HandleKind.TypeReference } attribute
        && GetTypeFromReference(metadata, (TypeReferenceHandle)attribute, 0) == "System.ParamArrayAttribute";

    private string Constant(ConstantHandle handle)
    {
        var constant = metadata.GetConstant(handle);
        return metadata.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode) switch
        {
            null => "null",
            string text => $"\"{text}\"",
            var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null",
        };
    }

    private bool IsVisible(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem => IsVisible(type.GetDeclaringType()),
            _ => false,
        };
    }

    private static bool IsVisible(FieldAttributes access) => access is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static string Access(FieldAttributes access) => access == FieldAttributes.Public ? "" : "protected ";

    private string NameOf(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        var name = metadata.GetString(type.Name);
        var outer = type.GetDeclaringType().IsNil ? metadata.GetString(type.Namespace) : NameOf(type.GetDeclaringType());
        return outer.Length == 0 ? name : $"{outer}.{name}";
    }

    private string NameOf(EntityHandle handle, TypeParameters scope) => handle.Kind switch
    {
        HandleKind.TypeDefinition => NameOf((TypeDefinitionHandle)handle),
        HandleKind.TypeReference => GetTypeFromReference(metadata, (TypeReferenceHandle)handle, 0),
        _ => GetTypeFromSpecification(metadata, scope, (TypeSpecificationHandle)handle, 0),
    };

    private ImmutableArray<string> Names(GenericParameterHandleCollection handles) => [.. handles.Select(handle => metadata.GetString(metadata.GetGenericParameter(handle).Name))];

    private static string Generics(ImmutableArray<string> names) => names.Length == 0 ? "" : $"<{string.Join(",", names)}>";

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => NameOf(handle);

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeReference(handle);
        var name = reader.GetString(type.Name);
        var outer = type.ResolutionScope.Kind == HandleKind.TypeReference
            ? GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, rawTypeKind)
            : reader.GetString(type.Namespace);
        return outer.Length == 0 ? name : $"{outer}.{name}";
    }

    public string GetTypeFromSpecification(MetadataReader reader, TypeParameters genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{new string(',', shape.Rank - 1)}]";

    public string GetByReferenceType(string elementType) => elementType + "&";

    public string GetPointerType(string elementType) => elementType + "*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}<{string.Join(",", typeArguments)}>";

    public string GetGenericMethodParameter(TypeParameters genericContext, int index) => genericContext.OfMethod.ElementAtOrDefault(index) ?? "!!" + index;

    public string GetGenericTypeParameter(TypeParameters genericContext, int index) => genericContext.OfType.ElementAtOrDefault(index) ?? "!" + index;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetFunctionPointerType(MethodSignature<string> signature) => "fnptr";
}
