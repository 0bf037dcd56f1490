// The native half of the TorchSharp stand-in: calls operators by name through libtorch's dispatcher and hands
// tensors to C# as heap-allocated at::Tensor handles. Compiles from libtorch 1.13 on.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/TensorIndexing.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/cuda.h>
#include <torch/serialize/input-archive.h>
#include <torch/serialize/output-archive.h>
#include <torch/version.h>

#include <cstring>
#include <string>
#include <vector>

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
#include <optional>
template <class T>
using Optional = std::optional<T>;
#else
template <class T>
using Optional = c10::optional<T>;
#endif

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

enum Tag : int32_t {
  kNone, kTensor, kInt, kDouble, kBool, kComplex, kString, kInts, kDoubles, kTensors, kDevice, kGenerator, kDefault
};

// One argument or result. Lists carry their length in `count`; a device carries its index there.
struct Value {
  int32_t tag;
  int32_t count;
  union {
    int64_t i;
    double d;
    void* p;
  };
  double imaginary;
};

thread_local std::string last_error;
thread_local std::vector<Value> results;

template <class Body>
auto guarded(Body body, decltype(body()) on_error) -> decltype(body()) {
  try {
    last_error.clear();
    return body();
  } catch (const std::exception& error) {
    last_error = error.what();
  } catch (...) {
  }
  if (last_error.empty()) last_error = "unknown error in libtorch";
  return on_error;
}

template <class Body>
void guarded_void(Body body) {
  guarded([&] { body(); return 0; }, 1);
}

at::Tensor* wrap(at::Tensor tensor) {
  return tensor.defined() ? new at::Tensor(std::move(tensor)) : nullptr;
}

at::Tensor unwrap(const void* handle) {
  return handle ? *static_cast<const at::Tensor*>(handle) : at::Tensor();
}

std::vector<at::Tensor> tensors_of(void* const* handles, int64_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int64_t i = 0; i < count; i++) tensors.push_back(unwrap(handles[i]));
  return tensors;
}

[[noreturn]] void mismatch(const c10::Argument& argument) {
  throw std::runtime_error("argument '" + argument.name() + "' expects " + argument.type()->str());
}

c10::IValue default_of(const c10::Argument& argument) {
  if (argument.default_value()) return *argument.default_value();
  if (argument.type()->kind() == c10::TypeKind::OptionalType) return c10::IValue();
  throw std::runtime_error("argument '" + argument.name() + "' is missing");
}

template <class T, class Source>
c10::IValue list_of(const Source* items, int64_t count) {
  c10::List<T> list;
  list.reserve(count);
  for (int64_t i = 0; i < count; i++) list.push_back(static_cast<T>(items[i]));
  return list;
}

c10::IValue list_argument(const Value& value, const c10::Argument& argument, const c10::TypePtr& type) {
  auto element = type->castRaw<c10::ListType>()->getElementType();
  auto count = value.tag == kInt || value.tag == kDouble ? 1 : value.count;
  auto ints = value.tag == kInt ? &value.i : static_cast<const int64_t*>(value.p);
  auto doubles = value.tag == kDouble ? &value.d : static_cast<const double*>(value.p);
  switch (element->kind()) {
    case c10::TypeKind::FloatType:
      if (value.tag == kDoubles || value.tag == kDouble) return list_of<double>(doubles, count);
      break;
    case c10::TypeKind::BoolType:
      if (value.tag == kInts) return list_of<bool>(ints, count);
      break;
    case c10::TypeKind::TensorType:
      if (value.tag == kTensors) return c10::IValue(tensors_of(static_cast<void* const*>(value.p), count));
      break;
    case c10::TypeKind::OptionalType:
      if (value.tag == kTensors) {
        c10::List<Optional<at::Tensor>> list;
        for (auto& tensor : tensors_of(static_cast<void* const*>(value.p), count))
          list.push_back(tensor.defined() ? Optional<at::Tensor>(tensor) : Optional<at::Tensor>());
        return list;
      }
      break;
    default:
      if (value.tag == kInts || value.tag == kInt) return list_of<int64_t>(ints, count);
  }
  mismatch(argument);
}

c10::IValue to_ivalue(const Value& value, const c10::Argument& argument) {
  if (value.tag == kDefault) return default_of(argument);
  c10::TypePtr type = argument.type();
  if (type->kind() == c10::TypeKind::OptionalType) {
    if (value.tag == kNone) return c10::IValue();
    type = type->castRaw<c10::OptionalType>()->getElementType();
  }
  auto scalar = type->kind() == c10::TypeKind::NumberType;
  if (type->kind() == c10::TypeKind::ListType) return list_argument(value, argument, type);
  switch (value.tag) {
    case kTensor: return unwrap(value.p);
    case kInt:
      if (type->kind() == c10::TypeKind::FloatType) return static_cast<double>(value.i);
      return value.i;
    case kDouble:
      if (type->kind() != c10::TypeKind::FloatType && !scalar) mismatch(argument);
      return value.d;
    case kBool:
      if (scalar) return c10::IValue(at::Scalar(value.i != 0));
      return value.i != 0;
    case kComplex: return c10::complex<double>(value.d, value.imaginary);
    case kString: return std::string(static_cast<const char*>(value.p), value.count);
    case kDevice:
      return c10::Device(static_cast<c10::DeviceType>(value.i), static_cast<c10::DeviceIndex>(value.count));
    case kGenerator: return *static_cast<at::Generator*>(value.p);
    default: mismatch(argument);
  }
}

void push_result(const c10::IValue& item) {
  Value value{};
  if (item.isTensor()) {
    value.tag = kTensor;
    value.p = wrap(item.toTensor());
  } else if (item.isTensorList()) {
    for (const at::Tensor& tensor : item.toTensorVector()) push_result(tensor);
    return;
  } else if (item.isInt()) {
    value.tag = kInt;
    value.i = item.toInt();
  } else if (item.isDouble()) {
    value.tag = kDouble;
    value.d = item.toDouble();
  } else if (item.isBool()) {
    value.tag = kBool;
    value.i = item.toBool();
  } else if (item.isComplexDouble()) {
    value.tag = kComplex;
    value.d = item.toComplexDouble().real();
    value.imaginary = item.toComplexDouble().imag();
  }
  results.push_back(value);
}

enum IndexKind : int32_t { kSingle, kSlice, kEllipsis, kNewAxis, kMask, kIndices };
enum IndexParts : int32_t { kStart = 1, kStop = 2, kStep = 4 };

struct Index {
  int32_t kind;
  int32_t parts;
  int64_t start;
  int64_t stop;
  int64_t step;
  const at::Tensor* tensor;
};

at::indexing::TensorIndex index_of(const Index& index) {
  using at::indexing::TensorIndex;
  switch (index.kind) {
    case kSingle: return TensorIndex(index.start);
    case kEllipsis: return TensorIndex(at::indexing::Ellipsis);
    case kNewAxis: return TensorIndex(at::indexing::None);
    case kMask: return TensorIndex(index.start != 0);
    case kIndices: return TensorIndex(unwrap(index.tensor));
    default: break;
  }
  // Slice's own parameters differ in type from version to version, its defaults do not.
  auto step = index.parts & kStep ? index.step : 1;
  auto start = index.parts & kStart ? index.start : (step < 0 ? at::indexing::INDEX_MAX : 0);
  auto stop = index.parts & kStop ? index.stop : (step < 0 ? at::indexing::INDEX_MIN : at::indexing::INDEX_MAX);
  return TensorIndex(at::indexing::Slice(start, stop, step));
}

std::vector<at::indexing::TensorIndex> indices_of(const Index* indices, int32_t count) {
  std::vector<at::indexing::TensorIndex> list;
  for (int32_t i = 0; i < count; i++) list.push_back(index_of(indices[i]));
  return list;
}

void seed_generator(at::Generator generator, int64_t seed) {
  std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(static_cast<uint64_t>(seed));
}

}  // namespace

EXPORT const char* bridge_last_error() { return last_error.empty() ? nullptr : last_error.c_str(); }
EXPORT void bridge_clear_error() { last_error.clear(); }

EXPORT const char* bridge_version() {
  static const std::string version = std::to_string(TORCH_VERSION_MAJOR) + "." +
      std::to_string(TORCH_VERSION_MINOR) + "." + std::to_string(TORCH_VERSION_PATCH);
  return version.c_str();
}

EXPORT void* operator_find(const char* name, const char* overload) {
  return guarded([&]() -> void* {
    return new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload));
  }, nullptr);
}

// Gives the number of results, or -1; `*out` stays valid until this thread's next call.
EXPORT int32_t operator_call(const c10::OperatorHandle* op, const Value* values, int32_t count, const Value** out) {
  return guarded([&]() -> int32_t {
    const auto& arguments = op->schema().arguments();
    torch::jit::Stack stack;
    stack.reserve(arguments.size());
    for (size_t i = 0; i < arguments.size(); i++)
      stack.push_back(i < static_cast<size_t>(count) ? to_ivalue(values[i], arguments[i]) : default_of(arguments[i]));
    op->callBoxed(stack);
    results.clear();
    for (const auto& item : stack) push_result(item);
    *out = results.data();
    return static_cast<int32_t>(results.size());
  }, -1);
}

EXPORT void tensor_free(at::Tensor* tensor) { delete tensor; }
EXPORT int64_t tensor_dim(const at::Tensor* tensor) { return tensor->dim(); }
EXPORT int64_t tensor_numel(const at::Tensor* tensor) { return tensor->numel(); }
EXPORT int64_t tensor_element_size(const at::Tensor* tensor) { return tensor->element_size(); }
EXPORT int32_t tensor_dtype(const at::Tensor* tensor) { return static_cast<int32_t>(tensor->scalar_type()); }
EXPORT int32_t tensor_device_type(const at::Tensor* tensor) { return static_cast<int32_t>(tensor->device().type()); }
EXPORT int32_t tensor_device_index(const at::Tensor* tensor) { return tensor->device().index(); }
EXPORT int32_t tensor_is_contiguous(const at::Tensor* tensor) { return tensor->is_contiguous(); }
EXPORT int32_t tensor_is_sparse(const at::Tensor* tensor) { return tensor->is_sparse(); }
EXPORT int32_t tensor_is_leaf(const at::Tensor* tensor) { return tensor->is_leaf(); }
EXPORT int32_t tensor_requires_grad(const at::Tensor* tensor) { return tensor->requires_grad(); }
EXPORT int64_t tensor_storage_offset(const at::Tensor* tensor) { return tensor->storage_offset(); }

EXPORT int64_t tensor_size(const at::Tensor* tensor, int64_t dim) {
  return guarded([&] { return tensor->size(dim); }, int64_t(-1));
}

EXPORT int64_t tensor_stride(const at::Tensor* tensor, int64_t dim) {
  return guarded([&] { return tensor->stride(dim); }, int64_t(-1));
}

EXPORT void tensor_sizes(const at::Tensor* tensor, int64_t* sizes) {
  guarded_void([&] { std::memcpy(sizes, tensor->sizes().data(), tensor->dim() * sizeof(int64_t)); });
}

EXPORT void tensor_strides(const at::Tensor* tensor, int64_t* strides) {
  guarded_void([&] { std::memcpy(strides, tensor->strides().data(), tensor->dim() * sizeof(int64_t)); });
}

EXPORT void* tensor_data(const at::Tensor* tensor) {
  return guarded([&] { return tensor->data_ptr(); }, static_cast<void*>(nullptr));
}

EXPORT void* tensor_storage_data(const at::Tensor* tensor, int64_t* bytes) {
  return guarded([&]() -> void* {
    *bytes = static_cast<int64_t>(tensor->storage().nbytes());
    return const_cast<void*>(static_cast<const void*>(tensor->storage().data()));
  }, nullptr);
}

EXPORT void tensor_set_requires_grad(const at::Tensor* tensor, int32_t value) {
  guarded_void([&] { tensor->set_requires_grad(value != 0); });
}

EXPORT void tensor_retain_grad(const at::Tensor* tensor) {
  guarded_void([&] { tensor->retain_grad(); });
}

EXPORT at::Tensor* tensor_grad(const at::Tensor* tensor) {
  return guarded([&] { return wrap(tensor->grad()); }, static_cast<at::Tensor*>(nullptr));
}

EXPORT void tensor_set_grad(const at::Tensor* tensor, const at::Tensor* grad) {
  guarded_void([&] { tensor->mutable_grad() = unwrap(grad); });
}

// The archive that torch::save and torch::load make and read, with the one tensor under the name that they use.
EXPORT void tensor_save(const at::Tensor* tensor, const char* path) {
  guarded_void([&] {
    torch::serialize::OutputArchive archive;
    archive.write("0", *tensor);
    archive.save_to(path);
  });
}

EXPORT at::Tensor* tensor_load(const char* path) {
  return guarded([&] {
    torch::serialize::InputArchive archive;
    archive.load_from(path);
    at::Tensor tensor;
    archive.read("0", tensor);
    return wrap(tensor);
  }, static_cast<at::Tensor*>(nullptr));
}

// Shares the memory; `release(context)` runs once libtorch is done with it.
EXPORT at::Tensor* tensor_from_memory(
    void* data, const int64_t* sizes, int32_t dims, int32_t dtype, void (*release)(void*), void* context) {
  return guarded([&] {
    at::AutoDispatchBelowADInplaceOrView below_autograd;
    return wrap(at::from_blob(data, at::IntArrayRef(sizes, dims), [release, context](void*) { release(context); },
        at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype))));
  }, static_cast<at::Tensor*>(nullptr));
}

EXPORT at::Tensor* tensor_index(const at::Tensor* tensor, const Index* indices, int32_t count) {
  return guarded([&] { return wrap(tensor->index(indices_of(indices, count))); }, static_cast<at::Tensor*>(nullptr));
}

EXPORT void tensor_index_put(at::Tensor* tensor, const Index* indices, int32_t count, const at::Tensor* value) {
  guarded_void([&] { tensor->index_put_(indices_of(indices, count), *value); });
}

// `grads` may be null, and so may each of its items.
EXPORT void autograd_backward(void* const* roots, int64_t root_count, void* const* grads, int32_t keep_graph,
    int32_t create_graph, void* const* inputs, int64_t input_count) {
  guarded_void([&] {
    torch::autograd::backward(tensors_of(roots, root_count),
        grads ? tensors_of(grads, root_count) : std::vector<at::Tensor>(), keep_graph != 0, create_graph != 0,
        tensors_of(inputs, input_count));
  });
}

EXPORT int32_t autograd_grad(void* const* outputs, int64_t output_count, void* const* inputs, int64_t input_count,
    void* const* grads, int32_t keep_graph, int32_t create_graph, int32_t allow_unused, void** out) {
  return guarded([&] {
    auto computed = torch::autograd::grad(tensors_of(outputs, output_count), tensors_of(inputs, input_count),
        grads ? tensors_of(grads, output_count) : std::vector<at::Tensor>(), keep_graph != 0, create_graph != 0,
        allow_unused != 0);
    for (size_t i = 0; i < computed.size(); i++) out[i] = wrap(computed[i]);
    return static_cast<int32_t>(computed.size());
  }, -1);
}

EXPORT int32_t grad_mode() { return c10::GradMode::is_enabled(); }
EXPORT void set_grad_mode(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }
EXPORT int32_t inference_mode() { return c10::InferenceMode::is_enabled(); }
EXPORT void* inference_guard_new(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }
EXPORT void inference_guard_free(c10::InferenceMode* guard) { delete guard; }
EXPORT int32_t anomaly_mode() { return torch::autograd::AnomalyMode::is_enabled(); }
EXPORT int32_t anomaly_checks_nan() { return torch::autograd::AnomalyMode::should_check_nan(); }
EXPORT void set_anomaly_mode(int32_t enabled, int32_t check_nan) {
  torch::autograd::AnomalyMode::set_enabled(enabled != 0, check_nan != 0);
}

EXPORT at::Generator* generator_default() {
  return new at::Generator(at::globalContext().defaultGenerator(c10::Device(c10::DeviceType::CPU)));
}
EXPORT at::Generator* generator_new(uint64_t seed) { return new at::Generator(at::detail::createCPUGenerator(seed)); }
EXPORT void generator_free(at::Generator* generator) { delete generator; }
EXPORT void generator_seed(at::Generator* generator, int64_t seed) {
  guarded_void([&] { seed_generator(*generator, seed); });
}
EXPORT int64_t generator_current_seed(at::Generator* generator) {
  return static_cast<int64_t>(generator->current_seed());
}
EXPORT at::Tensor* generator_state(at::Generator* generator) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    return wrap(generator->get_state());
  }, static_cast<at::Tensor*>(nullptr));
}
EXPORT void generator_set_state(at::Generator* generator, const at::Tensor* state) {
  guarded_void([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_state(*state);
  });
}

// The C++ frontend's own functions: they reach CUDA through libtorch's hooks and need no header of the toolkit.
EXPORT int32_t cuda_device_count() {
  return guarded([] { return static_cast<int32_t>(torch::cuda::device_count()); }, 0);
}
EXPORT int32_t cuda_has_cudnn() {
  return guarded([] { return static_cast<int32_t>(torch::cuda::cudnn_is_available()); }, 0);
}
EXPORT void cuda_synchronize(int32_t index) {
  guarded_void([&] { torch::cuda::synchronize(index); });
}
EXPORT void cuda_manual_seed(int64_t seed) {
  guarded_void([&] { torch::cuda::manual_seed(seed); });
}
EXPORT void cuda_manual_seed_all(int64_t seed) {
  guarded_void([&] { torch::cuda::manual_seed_all(seed); });
}

EXPORT int32_t threads() { return at::get_num_threads(); }
EXPORT void set_threads(int32_t count) { guarded_void([&] { at::set_num_threads(count); }); }
EXPORT int32_t interop_threads() { return at::get_num_interop_threads(); }
EXPORT void set_interop_threads(int32_t count) { guarded_void([&] { at::set_num_interop_threads(count); }); }
EXPORT int32_t can_cast(int32_t from, int32_t to) {
  return at::canCast(static_cast<at::ScalarType>(from), static_cast<at::ScalarType>(to));
}
EXPORT int32_t promote_types(int32_t a, int32_t b) {
  return static_cast<int32_t>(at::promoteTypes(static_cast<at::ScalarType>(a), static_cast<at::ScalarType>(b)));
}
