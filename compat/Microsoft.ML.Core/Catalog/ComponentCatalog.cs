// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>Knows which class answers to which signature in a model file.</summary>
public sealed class ComponentCatalog
{
    private readonly Lock _lock = new();
    private readonly HashSet<Assembly> _registered = [];
    private readonly Dictionary<(Type Signature, string Name), LoadableClassAttribute> _classes = [];
    private readonly Dictionary<(Type Attribute, string Contract), Type> _extensions = [];

    internal ComponentCatalog()
    {
    }

    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        HostErrors.CheckValue(null, assembly, nameof(assembly));
        lock (_lock)
        {
            if (!_registered.Add(assembly))
                return;
            try
            {
                AddExtensions(assembly.GetTypes());
                AddClasses(assembly.GetCustomAttributes<LoadableClassAttribute>());
            }
            catch (Exception) when (!throwOnError)
            {
                _registered.Remove(assembly);
            }
        }
    }

    /// <summary>Makes the instance that answers to a signature, or says that none does.</summary>
    internal bool TryCreateInstance<TResult>(
        IHostEnvironment env, Type signature, string name, out TResult result, params object[] args)
        where TResult : class
    {
        LoadableClassAttribute found;
        lock (_lock)
        {
            if (!_classes.TryGetValue((signature, name.ToLowerInvariant()), out found))
            {
                result = null;
                return false;
            }
        }
        result = Invoke(env, found, args) as TResult;
        return result is not null;
    }

    /// <summary>The instance of the class that was registered under a contract name.</summary>
    internal object GetExtensionValue(IHostEnvironment env, Type attributeType, string contractName)
    {
        lock (_lock)
        {
            if (_extensions.TryGetValue((attributeType, contractName), out Type type))
                return Activator.CreateInstance(type, nonPublic: true);
        }
        throw env.Except($"Unable to locate an extension for the contract '{contractName}'. Ensure you have called " +
            "ComponentCatalog.RegisterAssembly with the Assembly that contains a class decorated with a " +
            $"'{attributeType.FullName}'.");
    }

    private static object Invoke(IHostEnvironment env, LoadableClassAttribute found, object[] args)
    {
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic;
        Type[] parameters =
        [
            typeof(IHostEnvironment),
            .. found.SignatureType.GetMethod(nameof(Action.Invoke)).GetParameters().Select(p => p.ParameterType),
        ];
        object[] values = [env, .. args];
        try
        {
            MethodInfo create = found.LoaderType.GetMethod("Create", Any | BindingFlags.Static, parameters);
            if (create is not null && create.ReturnType == found.InstanceType)
                return create.Invoke(null, values);
            ConstructorInfo constructor = found.LoaderType.GetConstructor(Any | BindingFlags.Instance, parameters)
                ?? throw env.Except($"Couldn't find a Create method or constructor of '{found.LoaderType}'");
            return constructor.Invoke(values);
        }
        catch (TargetInvocationException exception)
            when (exception.InnerException is { } inner && HostErrors.IsMarked(inner))
        {
            throw HostErrors.Mark(null,
                new InvalidOperationException("Error during class instantiation", exception));
        }
    }

    private void AddClasses(IEnumerable<LoadableClassAttribute> attributes)
    {
        foreach (LoadableClassAttribute attribute in attributes)
        {
            foreach (string name in attribute.LoadNames)
                _classes[(attribute.SignatureType, name.ToLowerInvariant())] = attribute;
        }
    }

    private void AddExtensions(Type[] types)
    {
        foreach (Type type in types)
        {
            if (type.IsAbstract || type.IsGenericTypeDefinition)
                continue;
            foreach (ExtensionBaseAttribute attribute in type.GetCustomAttributes<ExtensionBaseAttribute>())
                _extensions[(attribute.GetType(), attribute.ContractName)] = type;
        }
    }
}
