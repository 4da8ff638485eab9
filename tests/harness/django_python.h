/* Where the Python that has Django is. */
#ifndef TELLER_TESTS_HARNESS_DJANGO_PYTHON_H
#define TELLER_TESTS_HARNESS_DJANGO_PYTHON_H

#define DJANGO_PYTHON_MAX 512

/* The interpreter's path; the first call of a sandbox installs Django. */
void django_python(char path[DJANGO_PYTHON_MAX]);

#endif
